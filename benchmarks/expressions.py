"""The expressions of the generation benchmark: 2 to 5 operands, as they stand in real code, each written once."""

TWO = (
    "ij,jk->ik",  # matrix product
    "ij,kj->ik",  # with the second one transposed
    "ji,jk->ik",  # with the first one transposed
    "ij,j->i",  # matrix times vector
    "i,ij->j",  # vector times matrix
    "i,i->",  # inner product
    "i,j->ij",  # outer product
    "ij,ij->ij",  # product element by element
    "ij,ij->",  # inner product of matrices
    "ij,ij->i",  # inner products of rows
    "ij,ji->",  # trace of a product
    "ii,i->i",  # diagonal, scaled
    "bij,bjk->bik",  # batch of matrix products
    "bij,jk->bik",  # one matrix for a batch
    "bij,bj->bi",  # batch of matrix times vector
    "md,nd->mn",  # all pairs of rows
    "bimd,bind->bimn",  # attention scores
    "bhqd,bkhd->bhqk",  # attention scores, keys in another layout
    "bhqk,bhkd->bqhd",  # weighted sum of values
    "bld,hdk->bhlk",  # projection to heads
    "bhlk,hkd->bld",  # projection back
    "bsd,de->bse",  # dense layer
    "bsd,bse->de",  # its weight's gradient
    "nchw,oc->nohw",  # convolution of size 1
    "nchwij,ocij->nohw",  # convolution over windows
    "abcd,dcef->abef",  # tensor contraction
    "abcd,ebad->ce",  # another
    "bnij,bnjk->bnik",  # two batch indices
)
THREE = (
    "ij,jk,kl->il",  # product of three matrices
    "i,ij,j->",  # quadratic form
    "bi,ij,bj->b",  # a batch of them
    "bi,oij,bj->bo",  # bilinear layer
    "ik,jk,lk->ijl",  # three factors of a decomposition (CP)
    "abc,ad,be->dec",  # two modes of a tensor transformed
    "bhqd,bhkd,bhkv->bhqv",  # linear attention
)
FOUR = (
    "ij,jk,kl,lm->im",  # product of four matrices
    "abc,ia,jb,kc->ijk",  # decomposition into a core and factors (Tucker)
    "aij,bjk,ckl,dli->abcd",  # ring of tensors
)
FIVE = (
    "ij,jk,kl,lm,mn->in",  # product of five matrices
    "pqrs,pi,qj,rk,sl->ijkl",  # integrals from atomic to molecular orbitals
)
EXPRESSIONS = TWO + THREE + FOUR + FIVE
