//// walking_pointers
//: c = np.einsum('ij,jk->ik', a.reshape(n, m), b.reshape(m, p))
void mult(const int *a, const int *b, int *c, int n, int m, int p)
{
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < p; j++) {
            const int *pa = a + i * m;
            const int *pb = b + j;
            *c = 0;
            for (int k = 0; k < m; k++) {
                *c += *pa++ * *pb;
                pb += p;
            }
            c++;
        }
    }
}
//// pointer_reset
//: y = np.einsum('ij,j->i', A.reshape(rows, cols), x)
void mv(const float *A, const float *x, float *y, int rows, int cols)
{
    const float *p_A = A;
    for (int i = 0; i < rows; i++) {
        const float *p_x = x;
        float acc = 0;
        for (int j = 0; j < cols; j++) acc += *p_A++ * *p_x++;
        *y++ = acc;
    }
}
//// pointer_comparison
//: result = np.einsum('i->', p)
float sum(const float *p, const float *end_unused, int n)
{
    const float *end = p + n;
    float s = 0.0f;
    while (p < end) {
        s += *p;
        ++p;
    }
    return s;
}
//// pointer_not_equal
//: result = np.einsum('i,i->', a, b)
double dotp(const double *a, const double *b, size_t n)
{
    const double *stop = a + n;
    double r = 0;
    for (; a != stop; ++a, ++b) r += *a * *b;
    return r;
}
//// counts_down
//: y += c * x
void scale_add(int n, const double *x, double *y, double c)
{
    int i = n;
    while (i-- > 0) y[i] += c * x[i];
}
//// counts_down_by_for
//: out[0] = np.einsum('i,i->', x, x)
void square_sum(int n, const double *x, double *out)
{
    out[0] = 0;
    for (int i = n - 1; i >= 0; --i) out[0] += x[i] * x[i];
}
//// unsigned_down
//: result = np.einsum('i->', x)
double total(unsigned n, const double *x)
{
    double s = 0;
    for (unsigned i = n; i > 0; i--) s += x[i - 1];
    return s;
}
//// reversed
//: y = x[::-1]
void rev(int n, const double *x, double *y)
{
    for (int i = 0; i < n; i++) y[n - 1 - i] = x[i];
}
//// convolution_like
//: result = np.einsum('i,i->', x, h[::-1])
double corr(int n, const double *x, const double *h)
{
    double s = 0;
    for (int i = 0; i < n; i++) s += x[i] * h[n - 1 - i];
    return s;
}
//// do_while
//: result = np.einsum('i->', x)
//# right where n is not 0
double total(const double *x, int n)
{
    double s = 0;
    int i = 0;
    do {
        s += x[i];
        i++;
    } while (i < n);
    return s;
}
//// first_term_peeled
//: y = np.einsum('ij,j->i', a.reshape(n, m), x)
//# right where m is not 0
void mv(int n, int m, const double *a, const double *x, double *y)
{
    for (int i = 0; i < n; i++) {
        double s = a[i * m] * x[0];
        for (int j = 1; j < m; j++) s += a[i * m + j] * x[j];
        y[i] = s;
    }
}
//// last_term_peeled
//: result = np.einsum('i,i->', a, b)
double dot(int n, const double *a, const double *b)
{
    double s = 0;
    int i;
    for (i = 0; i < n - 1; i++) s += a[i] * b[i];
    s += a[n - 1] * b[n - 1];
    return s;
}
//// both_peeled
//: result = np.einsum('i,i->', a, b)
//# right where n is not 1
double dot(int n, const double *a, const double *b)
{
    double s = a[0] * b[0];
    for (int i = 1; i < n - 1; i++) s += a[i] * b[i];
    return s + a[n - 1] * b[n - 1];
}
//// chained_offsets
//: c = np.einsum('ik,kj->ij', a.reshape(I, K*L), b.reshape(K*L, J))
void t3(int I, int J, int K, int L, const float *a, const float *b, float *c)
{
    int i, k, l, q, r;
    for (i = 0; i < I * J; i++) c[i] = 0;
    for (i = 0; i < I; i++)
        for (k = 0; k < K; k++) {
            q = i * K + k;
            for (l = 0; l < L; l++) {
                r = q * L + l;
                for (int j = 0; j < J; j++) c[i * J + j] += a[r] * b[(k * L + l) * J + j];
            }
        }
}
//// flat_zero_loop
//: c = 0.5 * np.einsum('ik,kj->ij', a.reshape(n, m), b.reshape(m, p))
void mm(int n, int m, int p, const double *a, const double *b, double *c)
{
    for (int t = 0; t < n * p; t++) c[t] = 0.0;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < m; k++) {
            const double aik = 0.5 * a[i * m + k];
            for (int j = 0; j < p; j++) c[i * p + j] = c[i * p + j] + aik * b[k * p + j];
        }
}
//// memset_zero
//: c = np.einsum('ik,kj->ij', a.reshape(n, n), b.reshape(n, n))
void mm(int n, const float *a, const float *b, float *c)
{
    memset(c, 0, n * n * sizeof(float));
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n; k++)
            for (int j = 0; j < n; j++)
                c[i * n + j] += a[i * n + k] * b[k * n + j];
}
//// memset_too_short
//! EL802 [n * n] 9 bytes are not a whole number of elements
//? multiply by sizeof
/* n*n bytes are not n*n numbers */
void mm(int n, const float *a, const float *b, float *c)
{
    memset(c, 0, n * n);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n; k++)
            for (int j = 0; j < n; j++)
                c[i * n + j] += a[i * n + k] * b[k * n + j];
}
//// memset_ones
//! EL802 [1] memset writes bytes; only zeros are supported
void f(int n, float *c)
{
    memset(c, 1, n * sizeof(float));
}
//// square_twice
//: a = np.einsum('i,i,i,i->i', a, a, a, a)
void f(int n, double *a)
{
    for (int i = 0; i < n; i++) a[i] = a[i] * a[i];
    for (int i = 0; i < n; i++) a[i] = a[i] * a[i];
}
//// two_stages_in_place
//: a = np.einsum('ij,i,j->ij', a.reshape(n, m), u, v)
void rowcol(int n, int m, const double *u, const double *v, double *a)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) a[i * m + j] *= u[i];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) a[i * m + j] *= v[j];
}
//// matrix_vector_in_place
//! EL817 [x[j]] x[j] is read where another step of the loop writes x
//? what a step of a loop reads must not be what another step wrote
/* x changes while it is read */
void mv(int n, const double *a, double *x)
{
    for (int i = 0; i < n; i++) {
        double s = 0;
        for (int j = 0; j < n; j++) s += a[i * n + j] * x[j];
        x[i] = s;
    }
}
//// through_a_temporary
//: x = np.einsum('ij,j->i', a.reshape(n, n), x)
void mv(int n, const double *a, double *x)
{
    double *t = (double *)malloc(n * sizeof(double));
    for (int i = 0; i < n; i++) {
        t[i] = 0;
        for (int j = 0; j < n; j++) t[i] += a[i * n + j] * x[j];
    }
    for (int i = 0; i < n; i++) x[i] = t[i];
    free(t);
}
//// one_short
//: result = np.einsum('i,i->', x[:n - 1], y[:n - 1])
double sum(int n, const double *x, const double *y)
{
    double s = 0;
    for (int i = 0; i < n - 1; i++) s += x[i] * y[i];
    return s;
}
//// from_one
//: y[1:] = 3 * x[1:]
void f(int n, const double *x, double *y)
{
    for (int i = 1; i < n; i++) y[i] = 3 * x[i];
}
//// shifted
//: y = x[1:n + 1]
void f(int n, const double *x, double *y)
{
    for (int i = 0; i < n; i++) y[i] = x[i + 1];
}
//// difference
//: y[:n - 1] = x[1:] - x[:n - 1]
void diff(int n, const double *x, double *y)
{
    for (int i = 0; i < n - 1; i++) y[i] = x[i + 1] - x[i];
}
//// prefix_sum
//! EL817 [y[i - 1]] y[i - 1] is read where another step of the loop writes y
//? what a step of a loop reads must not be what another step wrote
void scan(int n, const double *x, double *y)
{
    y[0] = x[0];
    for (int i = 1; i < n; i++) y[i] = y[i - 1] + x[i];
}
//// recurrence_in_place
//! EL817 [x[i - 1]] x[i - 1] is read where another step of the loop writes x
//? what a step of a loop reads must not be what another step wrote
void scan(int n, double *x)
{
    for (int i = 1; i < n; i++) x[i] += x[i - 1];
}
//// window
//! EL808 [i + k] i + k takes two indices to say where x is read
//? np.lib.stride_tricks.sliding_window_view gives such windows an axis of their own
void fir(int n, int taps, const float *x, const float *h, float *y)
{
    for (int i = 0; i < n; i++) {
        float acc = 0;
        for (int k = 0; k < taps; k++) acc += h[k] * x[i + k];
        y[i] = acc;
    }
}
//// window_with_delay
//! EL808 [i - k] i - k takes two indices to say where x is read
//? np.lib.stride_tricks.sliding_window_view gives such windows an axis of their own
void fir(int n, int taps, const float *x, const float *h, float *y)
{
    for (int i = taps - 1; i < n; i++) {
        y[i] = 0;
        for (int k = 0; k < taps; k++) y[i] += h[k] * x[i - k];
    }
}
//// conv2d
//! EL808 [(y + i) * (W + K - 1) + x + j] (y + i) * (W + K - 1) + x + j takes two indices to say where in is read
//? np.lib.stride_tricks.sliding_window_view gives such windows an axis of their own
void conv(int H, int W, int K, const float *in, const float *w, float *out)
{
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            float s = 0;
            for (int i = 0; i < K; i++)
                for (int j = 0; j < K; j++)
                    s += in[(y + i) * (W + K - 1) + x + j] * w[i * K + j];
            out[y * W + x] = s;
        }
}
//// downsample
//: y = 0.5 * np.einsum('ij->i', x.reshape(n, 2))
void pool(int n, const float *x, float *y)
{
    for (int i = 0; i < n; i++) y[i] = 0.5f * (x[i << 1] + x[(i << 1) + 1]);
}
//// blocks_of_four
//: y = np.einsum('ik,k->i', x.reshape(n, 4), w)
void blocks(int n, const float *x, const float *w, float *y)
{
    for (int i = 0; i < n; i++) {
        y[i] = 0;
        for (int k = 0; k < 4; k++) y[i] += x[4 * i + k] * w[k];
    }
}
//// table
//: y = np.einsum('k,ik->i', w, x.reshape(n, 4))
//# w is the table of the text
void smooth(int n, const float *x, float *y)
{
    static const float w[4] = {0.125f, 0.375f, 0.375f, 0.125f};
    for (int i = 0; i < n; i++) {
        float s = 0;
        for (int k = 0; k < 4; k++) s += w[k] * x[i * 4 + k];
        y[i] = s;
    }
}
//// luma
//: out = 0.299 * rgb[:3*n - 2:3] + 0.587 * rgb[1:3*n - 1:3] + 0.114 * rgb[2:3*n:3]
//# rgb is uint8, out is float32: convert first, as rgb.astype(np.float32) does
void gray(int n, const unsigned char *rgb, float *out)
{
    for (int i = 0; i < n; i++)
        out[i] = 0.299f * rgb[3 * i] + 0.587f * rgb[3 * i + 1] + 0.114f * rgb[3 * i + 2];
}
//// one_operand_twice
//: g = np.einsum('ki,kj->ij', a.reshape(n, m), a.reshape(n, m))
void gram(int n, int m, const double *a, double *g)
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < m; j++) {
            double s = 0;
            for (int k = 0; k < n; k++) s += a[k * m + i] * a[k * m + j];
            g[i * m + j] = s;
        }
}
//// operand_unused
//: c = 2 * a
void f(int n, const double *a, const double *b, double *c)
{
    for (int i = 0; i < n; i++) c[i] = 2.0 * a[i];
}
//// index_of_no_operand
//: y = np.einsum('i,j->ij', x, np.ones(m))
void spread(int n, int m, const double *x, double *y)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) y[i * m + j] = x[i];
}
//// counted_index
//: y += m * x
/* j is in no operand: every term is added m times */
void f(int n, int m, const double *x, double *y)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) y[i] += x[i];
}
//// mean
//: result = np.einsum('i->', x) / n
//# right where n is not 0
double mean(int n, const double *x)
{
    double s = 0;
    for (int i = 0; i < n; i++) s += x[i];
    return s / n;
}
//// column_means
//: out = np.einsum('ij->j', x.reshape(n, m)) / n
//# right where n is not 0
void means(int n, int m, const double *x, double *out)
{
    for (int j = 0; j < m; j++) {
        double s = 0;
        for (int i = 0; i < n; i++) s += x[i * m + j];
        out[j] = s / (double)n;
    }
}
//// fill
//: x[...] = 1
void ones(int n, double *x)
{
    for (int i = 0; i < n; i++) x[i] = 1.0;
}
//// zero
//: x[...] = 0
void zero(int n, double *x)
{
    for (int i = 0; i < n; i++) x[i] = 0;
}
//// int_data_float_sum
//: result = np.einsum('i,i->', x, x)
float mean_square(int n, const int *x)
{
    float s = 0;
    for (int i = 0; i < n; i++) s += (float)x[i] * x[i];
    return s;
}
//// float_data_int_sum
//! EL807 [x[i]] a number loses its fraction here
//? einsum keeps fractions
int count(int n, const float *x)
{
    int s = 0;
    for (int i = 0; i < n; i++) s += x[i];
    return s;
}
//// whole_division
//! EL807 [x[i] / 2] a quotient of whole numbers loses its fraction
//? einsum keeps fractions
void halves(int n, const int *x, int *y)
{
    for (int i = 0; i < n; i++) y[i] = x[i] / 2;
}
//// divided_by_scalar
//: y = x / s
void norm(int n, double s, const double *x, double *y)
{
    for (int i = 0; i < n; i++) y[i] = x[i] / s;
}
//// divided_by_array
//! EL807 [x[i] / s[i]] a quotient of elements is not a sum of products
//? divide by the result of an einsum in a statement of its own
void norm(int n, const double *s, const double *x, double *y)
{
    for (int i = 0; i < n; i++) y[i] = x[i] / s[i];
}
//// relu
//! EL805 [x[i] > 0] what is done depends on the elements of an array
//? np.where takes one of two values by a condition
void relu(int n, const float *x, float *y)
{
    for (int i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : 0;
}
//// maximum
//! EL807 [fmaxf(m, x[i])] the larger or smaller of two elements is neither a sum nor a product
//? np.maximum takes it of arrays
float largest(int n, const float *x)
{
    float m = x[0];
    for (int i = 1; i < n; i++) m = fmaxf(m, x[i]);
    return m;
}
//// softmax_part
//! EL807 [expf(x[i])] expf is neither a sum nor a product
//? np.exp takes it of a whole array
void f(int n, const float *x, float *y)
{
    for (int i = 0; i < n; i++) y[i] = expf(x[i]);
}
//// gather
//! EL806 [idx[i]] an element of an array is an index here
//? np.take picks elements by an array of indices: give its result to an einsum
void gather(int n, const int *idx, const double *x, double *y)
{
    for (int i = 0; i < n; i++) y[i] = x[idx[i]];
}
//// sparse
//! EL804 [j < ptr[i + 1]] how often this loop runs depends on the elements of an array
void spmv(int n, const int *ptr, const int *col, const double *val, const double *x, double *y)
{
    for (int i = 0; i < n; i++) {
        y[i] = 0;
        for (int j = ptr[i]; j < ptr[i + 1]; j++) y[i] += val[j] * x[col[j]];
    }
}
//// until_zero
//! EL804 [x[n] != 0] how often this loop runs depends on the elements of an array
int length(const int *x)
{
    int n = 0;
    while (x[n] != 0) n++;
    return n;
}
//// diagonal_apart
//! EL805 [i != j] what is done depends on i and j
//? np.where takes one of two values by a condition
void f(int n, const double *a, const double *x, double *y)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            if (i != j) y[i] += a[i * n + j] * x[j];
}
//// banded
//! EL805 [j - i < 2 && i - j < 2] what is done depends on i and j
//? np.where takes one of two values by a condition
void f(int n, const double *a, const double *x, double *y)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            if (j - i < 2 && i - j < 2) y[i] += a[i * n + j] * x[j];
}
//// only_small_indices
//! EL805 [i < 20] what is done depends on i
//? np.where takes one of two values by a condition
/* right for n up to 20 alone */
void f(int n, const double *x, double *y)
{
    for (int i = 0; i < n; i++)
        if (i < 20) y[i] = x[i];
}
//// alternating
//: y[:n:2] = x[:n:2]
//: y[1:n:2] = -x[1:n:2]
void f(int n, const double *x, double *y)
{
    for (int i = 0; i < n; i++) y[i] = (i % 2) ? -x[i] : x[i];
}
//// ring
//: y[:n - 1] = x[1:]
//: y[n - 1] = x[0]
//# right where n is not 0
void f(int n, const double *x, double *y)
{
    for (int i = 0; i < n; i++) y[i] = x[(i + 1) % n];
}
//// goto_loop
//! EL802 [goto] goto is supported only to a label further down in its block
//? write the loop with for or while
void f(int n, const double *x, double *y)
{
    int i = 0;
again:
    if (i < n) {
        y[i] = x[i];
        i++;
        goto again;
    }
}
//// unknown_call
//! EL803 [activate(x[i])] what activate does is not known
//? give its definition in the same text
void f(int n, const double *x, double *y)
{
    for (int i = 0; i < n; i++) y[i] = activate(x[i]);
}
//// never_written
//! EL802 [s] s is read before it has a value
double f(int n, const double *x)
{
    double s;
    for (int i = 0; i < n; i++) s += x[i];
    return s;
}
//// endless
//! EL816 [for (;;) x[0] += 1] this takes more than 100,000 steps
void f(int n, double *x)
{
    for (;;) x[0] += 1;
}
//// complex_product
//: cr = np.einsum('i,i->i', ar, br) - np.einsum('i,i->i', ai, bi)
//: ci = np.einsum('i,i->i', ar, bi) + np.einsum('i,i->i', ai, br)
void cmul(int n, const float *ar, const float *ai, const float *br, const float *bi, float *cr, float *ci)
{
    for (int i = 0; i < n; i++) {
        cr[i] = ar[i] * br[i] - ai[i] * bi[i];
        ci[i] = ar[i] * bi[i] + ai[i] * br[i];
    }
}
//// complex_dot
//: out[0] = np.einsum('i,i->', xr, yr) - np.einsum('i,i->', xi, yi)
//: out[1] = np.einsum('i,i->', xr, yi) + np.einsum('i,i->', xi, yr)
void cdot(int n, const float *xr, const float *xi, const float *yr, const float *yi, float *out)
{
    float re = 0, im = 0;
    for (int i = 0; i < n; i++) {
        re += xr[i] * yr[i] - xi[i] * yi[i];
        im += xr[i] * yi[i] + xi[i] * yr[i];
    }
    out[0] = re;
    out[1] = im;
}
//// row_buffer
//: x = np.einsum('uv,iv->iu', c.reshape(n, n), x.reshape(n, n))
//# right where n <= 64
void dct_rows(double *x, const double *c, int n)
{
    double buf[64];
    for (int r = 0; r < n; r++) {
        double *row = x + r * n;
        for (int u = 0; u < n; u++) {
            buf[u] = 0.0;
            for (int v = 0; v < n; v++) buf[u] += c[u * n + v] * row[v];
        }
        for (int u = 0; u < n; u++) row[u] = buf[u];
    }
}
//// row_buffer_in_blocks
//: y = 2 * x
void twice(const double *x, double *y, int n)
{
    double b[16];
    for (int i = 0; i < n; i += 16) {
        int m = n - i < 16 ? n - i : 16;
        for (int j = 0; j < m; j++) b[j] = 2 * x[i + j];
        for (int j = 0; j < m; j++) y[i + j] = b[j];
    }
}
//// steps_with_names
//: A.reshape(m, lda)[:, :n] += alpha * np.einsum('j,i->ij', y[:n*incy - incy + 1:incy], x[:m*incx - incx + 1:incx])
//# right where lda >= n
//# right where incy >= 1
//# right where incx >= 1
void ger(int m, int n, double alpha, const double *x, int incx, const double *y, int incy, double *A, int lda)
{
    int ix = 0;
    for (int i = 0; i < m; i++) {
        double scaled = alpha * x[ix];
        int jy = 0;
        for (int j = 0; j < n; j++) {
            A[lda * i + j] += y[jy] * scaled;
            jy += incy;
        }
        ix += incx;
    }
}
//// row_stepped_in_the_header
//: y += alpha * np.einsum('i,ij->j', x, A.reshape(m, lda)[:, :n])
//# right where lda >= n
typedef double real;
void gemv_t(int m, int n, real alpha, const real *A, int lda, const real *x, real *y)
{
    const real *row = A;
    for (int i = 0; i < m; i++, row += lda) {
        const real t = alpha * x[i];
        for (int j = 0; j < n; j++) y[j] += t * row[j];
    }
}
//// row_of_a_product
//: y += np.einsum('i,ij->j', x, A.reshape(m, lda)[:, :n])
//# right where lda >= n
void gemv_t(int m, int n, const double *A, int lda, const double *x, double *y)
{
    for (int i = 0; i < m; i++) {
        const double *row = A + i * lda;
        for (int j = 0; j < n; j++) y[j] += x[i] * row[j];
    }
}
//// root_of_a_length
//: att = np.einsum('i,ti->t', q, k.reshape(T, hs)) / np.sqrt(hs)
void scores(float *att, const float *q, const float *k, int T, int hs)
{
    float scale = 1.0f / sqrtf((float)hs);
    for (int t = 0; t < T; t++) {
        float s = 0;
        for (int i = 0; i < hs; i++) s += q[i] * k[t * hs + i];
        att[t] = s * scale;
    }
}
//// power_of_a_length
//: att = q / np.sqrt(hs)
void scores(double *att, const double *q, int T, int hs)
{
    for (int t = 0; t < T; t++) att[t] = q[t] * pow(hs, -0.5);
}
//// root_of_an_element
//! EL807 [pow(x[i], 0.5)] pow is neither a sum nor a product
//? np.sqrt takes it of a whole array
void roots(int n, double *x)
{
    for (int i = 0; i < n; i++) x[i] = pow(x[i], 0.5);
}
//// declared_after_the_brackets
//: result = np.einsum('i->', x)
double total(n, x) int n; double *x;
{
    double s = 0;
    int i;
    for (i = 0; i < n; i++) s += x[i];
    return s;
}
//// declared_nowhere
//! EL802 [n] the type of n is not said
double total(n, x) double *x;
{
    return x[n];
}
//// assigned_in_a_row
//: x[0] = 2
//: x[1] = 3
//: y[0] = 4
void both(double *x, double *y)
{
    int whole;
    x[0] = whole = 2.5;
    y[0] = (x[1] = 3) + 1;
}
//// two_stages_of_small_sizes
//: tmp = alpha * np.einsum('ik,kj->ij', A, B)
//: D = beta * D + np.einsum('ik,kj->ij', tmp, C)
#define NI 4
#define NJ 6
#define NK 5
#define NL 7
void two(double alpha, double beta, double A[NI][NK], double B[NK][NJ], double C[NJ][NL], double D[NI][NL])
{
    double tmp[NI][NJ];
    for (int i = 0; i < NI; i++)
        for (int j = 0; j < NJ; j++) {
            tmp[i][j] = 0;
            for (int k = 0; k < NK; ++k) tmp[i][j] += alpha * A[i][k] * B[k][j];
        }
    for (int i = 0; i < NI; i++)
        for (int j = 0; j < NL; j++) {
            D[i][j] *= beta;
            for (int k = 0; k < NJ; ++k) D[i][j] += tmp[i][k] * C[k][j];
        }
}
//// in_place_with_a_row
//: A = np.einsum('rqs,sp->rqp', A, C)
#define NR 3
#define NQ 4
#define NP 5
void doit(double A[NR][NQ][NP], const double C[NP][NP])
{
    double sum[NP];
    for (int r = 0; r < NR; r++)
        for (int q = 0; q < NQ; q++) {
            for (int p = 0; p < NP; p++) {
                sum[p] = 0.0;
                for (int s = 0; s < NP; s++) sum[p] += A[r][q][s] * C[s][p];
            }
            for (int p = 0; p < NP; p++) A[r][q][p] = sum[p];
        }
}
//// tiles_that_divide
//: C += np.einsum('ik,kj->ij', A, B)
#define N 16
#define BS 4
void mm(const double A[N][N], const double B[N][N], double C[N][N])
{
    for (int ii = 0; ii < N; ii += BS)
        for (int kk = 0; kk < N; kk += BS)
            for (int i = ii; i < ii + BS; i++)
                for (int k = kk; k < kk + BS; k++)
                    for (int j = 0; j < N; j++) C[i][j] += A[i][k] * B[k][j];
}
//// zeros_are_skipped
//: c.reshape(n, m)[...] += alpha * np.einsum('ik,kj->ij', b.reshape(n, k), a.reshape(k, m))
//# right where nothing is inf or nan: where b[l + j * *k] is 0, what it multiplies is left out
int gemm_(int *m, int *n, int *k, double *alpha, double *a, double *b, double *c)
{
    int i, j, l;
    double temp;
    for (j = 0; j < *n; ++j)
        for (l = 0; l < *k; ++l)
            if (b[l + j * *k] != 0.) {
                temp = *alpha * b[l + j * *k];
                for (i = 0; i < *m; ++i) c[i + j * *m] += temp * a[i + l * *m];
            }
    return 0;
}
//// zeros_keep_the_old_value
//! EL805 [x[i] != 0] what is done depends on the elements of an array
//? np.where takes one of two values by a condition
void f(int n, double *x, double *y)
{
    for (int i = 0; i < n; i++) if (x[i] != 0) y[i] = x[i];
}
//// zeros_leave_a_variable
//! EL805 [x[i] != 0] what is done depends on the elements of an array
//? np.where takes one of two values by a condition
void f(int n, double *x, double *y)
{
    double t = 0;
    for (int i = 0; i < n; i++) {
        if (x[i] != 0) t = x[i];
        y[i] += t;
    }
}
//// unrolled_in_both_directions
//: C = np.einsum('ik,kj->ij', A.reshape(n, n), B.reshape(n, n))
//# right where n % 2 == 0
void mm(int n, const double *A, const double *B, double *C)
{
    for (int i = 0; i < n; i += 2)
        for (int j = 0; j < n; j += 2) {
            double c00 = 0, c01 = 0, c10 = 0, c11 = 0;
            for (int k = 0; k < n; k++) {
                double a0 = A[i * n + k], a1 = A[(i + 1) * n + k];
                double b0 = B[k * n + j], b1 = B[k * n + j + 1];
                c00 += a0 * b0;
                c01 += a0 * b1;
                c10 += a1 * b0;
                c11 += a1 * b1;
            }
            C[i * n + j] = c00;
            C[i * n + j + 1] = c01;
            C[(i + 1) * n + j] = c10;
            C[(i + 1) * n + j + 1] = c11;
        }
}
//// four_at_a_time_by_a_shift
//: y = 2 * x
//# right where n % 4 == 0
void scale(const float *x, float *y, int n)
{
    int blocks = n >> 2;
    while (blocks--) {
        *y++ = *x++ * 2;
        *y++ = *x++ * 2;
        *y++ = *x++ * 2;
        *y++ = *x++ * 2;
    }
}
//// static_total
//! EL817 [s] s is static: it keeps its value from one call to the next
//? set it before it is read
double total(const double *x, int n)
{
    static double s = 0;
    for (int i = 0; i < n; i++) s += x[i];
    return s;
}
//// static_that_is_set
//: result = np.einsum('i->', x)
double total(const double *x, int n)
{
    static double s;
    static int i;
    s = 0;
    for (i = 0; i < n; i++) s += x[i];
    return s;
}
//// total_of_bytes
//: result = np.einsum('i->', x)
//# right where s += x[i] fits into int8: what does not wraps
//# x is int8, result is int32: convert first, as x.astype(np.int32) does
int total(const signed char *x, int n)
{
    signed char s = 0;
    for (int i = 0; i < n; i++) s += x[i];
    return s;
}
//// bytes_multiplied
//: o = np.einsum('i,i->i', a, b)
//# right where a[i] * b[i] fits into uint8: what does not wraps
void blend(const uint8_t *a, const uint8_t *b, uint8_t *o, int n)
{
    for (int i = 0; i < n; i++) o[i] = a[i] * b[i];
}
//// difference_without_a_sign
//: result = w * np.einsum('i->', a)
//# right where w + 5 - 5 >= 0: numbers without a sign wrap below
double weighed(const double *a, unsigned n, unsigned w)
{
    double s = 0;
    for (unsigned i = 0; i < n; i++) s += a[i] * (w + 5 - 5);
    return s;
}
//// types_that_count
//: o += np.einsum('ij->i', a.reshape(n, m))
void sums(const double *a, double *o, npy_intp n, my_count m)
{
    for (npy_intp i = 0; i < n; i++) for (my_count j = 0; j < m; j++) o[i] += a[i * m + j];
}
//// ratio_of_numbers
//: result = m * np.einsum('i->', a) / n
//# right where n is not 0
float mean(const float *a, int n, int m)
{
    float s = 0;
    for (int i = 0; i < n; i++) s += a[i];
    return s * m / n;
}
//// size_of_a_pointer
//! EL802 [sizeof(y)] y is a pointer: this is its own size, not that of its elements
void f(float *y, int n)
{
    memset(y, 0, sizeof(y));
}
//// bare_with_declarations
//: y = np.einsum('ij,j->i', A, x)
double A[10][20], x[20], y[10];
int i, j;
for (i = 0; i < 10; i++) {
    y[i] = 0;
    for (j = 0; j < 20; j++) y[i] += A[i][j] * x[j];
}
//// of_another_language
//! EL802 [template] this is C++: give its loops as C
template <typename T> T first(const T *x) { return x[0]; }
//// of_a_graphics_card
//! EL802 [__global__] this is CUDA: give the loops that its threads stand for
__global__ void f(float *x) { x[threadIdx.x] = 1; }
//// complex_elements
//! EL802 [complex] complex numbers of C are not supported
void f(int n, double complex *x) { x[0] = x[n]; }
//// total_not_begun_anew
//! EL810 [s += A[i * m + j] * x[j]] s goes on from one step of the loop over i to the next
//? set it to zero in that loop; np.cumsum gives running sums
void mv(const double *A, const double *x, double *y, int n, int m)
{
    double s = 0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < m; j++) s += A[i * m + j] * x[j];
        y[i] = s;
    }
}
//// down_to_zero_without_a_sign
//! EL804 [i >= 0] i has no sign and is never below 0: this loop does not end
double total(const double *x, unsigned n)
{
    double s = 0;
    for (unsigned i = n - 1; i >= 0; i--) s += x[i];
    return s;
}
//// unrolled_with_a_slip
//! EL809 [s += x[i] * y[i]] the loops do not cover all combinations of their indices
double dot(const double *x, const double *y, int n)
{
    double s = 0;
    int i;
    for (i = 0; i + 1 < n; i += 2) {
        s += x[i] * y[i];
        s += x[i + 1] * y[i];
    }
    for (; i < n; i++) s += x[i] * y[i];
    return s;
}
//// quotient_of_parameters
//! EL807 [num / den] a quotient of whole numbers loses its fraction
//? einsum keeps fractions
void scale(const float *x, float *y, int n, int num, int den)
{
    for (int i = 0; i < n; i++) y[i] = (num / den) * x[i];
}
//// smaller_of_two_lengths
//! EL811 [i < n && i < m] this loop goes as far as the smaller of n and m
//? pass the smaller as one length, and arrays cut to it
void copy(int n, int m, const double *x, double *y)
{
    for (int i = 0; i < n && i < m; i++) y[i] = x[i];
}
//// label_at_the_end
//: result = np.einsum('i,i->', a, b)
double dot(const double *a, const double *b, int n)
{
    double s = 0.0, r;
    for (int i = 0; i < n; i += 1) s = s + a[i] * b[i];
    r = s;
    goto done;
done:;
    return r;
}
//// zeros_are_left_with_continue
//: out = np.einsum('fb,bt->ft', fb.reshape(nf, nb), spec.reshape(nb, nt))
//# right where nothing is inf or nan: where w is 0, what it multiplies is left out
void mel(const float *fb, const float *spec, float *out, int nf, int nb, int nt)
{
    memset(out, 0, sizeof(float) * nf * nt);
    for (int f = 0; f < nf; ++f)
        for (int b = 0; b < nb; ++b) {
            const float w = fb[f * nb + b];
            if (w == 0.0f) continue;
            for (int t = 0; t < nt; ++t) out[f * nt + t] += w * spec[b * nt + t];
        }
}
//// continue_at_an_index
//! EL805 [i == m] what is done depends on i
//? np.where takes one of two values by a condition
void f(int n, int m, const double *x, double *y)
{
    for (int i = 0; i < n; i++) {
        if (i == m) continue;
        y[i] = x[i];
    }
}
//// size_of_what_it_points_to
//: Q = np.einsum('rk,ik->ir', M.reshape(4, 4), P.reshape(n, 4))
void f(const float *P, const float *M, float *Q, int n)
{
    float (*t)[4] = malloc(n * sizeof *t);
    for (int i = 0; i < n; i++)
        for (int r = 0; r < 4; r++) {
            t[i][r] = 0;
            for (int k = 0; k < 4; k++) t[i][r] += M[r * 4 + k] * P[i * 4 + k];
        }
    for (int i = 0; i < n; i++)
        for (int r = 0; r < 4; r++) Q[i * 4 + r] = t[i][r];
    free(t);
}
//// numbers_of_mathematics
//: y = 2 * np.pi * x
void f(const float *x, float *y, int n)
{
    for (int i = 0; i < n; i++) y[i] = 2 * M_PI * i[x];
}
//// length_cut_to_a_byte
//: result = np.einsum('i->', x)
//# right where n fits into int8: what does not wraps
double total(const double *x, int n)
{
    double s = 0;
    for (int i = 0; i < (signed char)n; i++) s += x[i];
    return s;
}
//// index_of_a_byte
//: result = np.einsum('i->', x)
//# right where n fits into uint8: i counts no further
float total(const float *x, int n)
{
    float s = 0;
    for (unsigned char i = 0; i < n; i++) s += x[i];
    return s;
}
//// distance_of_indices
//! EL805 [abs(i - j) <= 1] what is done depends on i and j
//? np.where takes one of two values by a condition
void f(const double *A, const double *x, double *y, int n)
{
    for (int i = 0; i < n; i++) {
        y[i] = 0;
        for (int j = 0; j < n; j++) if (abs(i - j) <= 1) y[i] += A[i * n + j] * x[j];
    }
}
//// smaller_length_chosen
//! EL811 [n < m ? n : m] this is one of m and n, whichever is smaller or larger
//? pass the smaller as one length, and arrays cut to it
double trace(const double *A, int n, int m)
{
    double t = 0;
    int k = n < m ? n : m;
    for (int i = 0; i < k; i++) t += A[i * m + i];
    return t;
}
//// lengths_of_several_loops
//: z += np.einsum('j,i->i', x[:n], x[:m])
void f(int n, int m, const double *x, double *z)
{
    for (int i = 0; i < m; i++)
        for (int j = n - 1; j >= 0; j--) z[i] += x[j] * x[i];
}
//// two_functions
//: y += a * x
//# of the functions, axpy is read
float dot(const float *x, const float *y, int n)
{
    float s = 0;
    for (int i = 0; i < n; i++) s += x[i] * y[i];
    return s;
}
void axpy(float a, const float *x, float *y, int n)
{
    for (int i = 0; i < n; i++) y[i] += a * x[i];
}
//// packed_micro_kernel
//: C.reshape(m, n)[...] += np.einsum('ri,ic->rc', A.reshape(m, k), B.reshape(k, n))
//# Ab is left out: it is static, and read here
//# Bb is left out: it is static, and read here
#define MR 4
#define NR 4
#define MC 8
#define KC 8
#define NC 8
#define min(a, b) (((a) < (b)) ? (a) : (b))
static double Ab[MC * KC], Bb[KC * NC];
static void pack_a(int m, int k, const double *A, int ld, double *buf)
{
    for (int i = 0; i < m; i += MR) {
        int mr = min(MR, m - i);
        for (int p = 0; p < k; p++) {
            for (int r = 0; r < mr; r++) *buf++ = A[(i + r) * ld + p];
            for (int r = mr; r < MR; r++) *buf++ = 0.0;
        }
    }
}
static void pack_b(int k, int n, const double *B, int ld, double *buf)
{
    for (int j = 0; j < n; j += NR) {
        int nr = min(NR, n - j);
        for (int p = 0; p < k; p++) {
            for (int c = 0; c < nr; c++) *buf++ = B[p * ld + j + c];
            for (int c = nr; c < NR; c++) *buf++ = 0.0;
        }
    }
}
static void micro(int k, const double *a, const double *b, double *C, int ld, int mr, int nr)
{
    double ab[MR * NR] = {0};
    for (int p = 0; p < k; p++, a += MR, b += NR)
        for (int r = 0; r < MR; r++) for (int c = 0; c < NR; c++) ab[r * NR + c] += a[r] * b[c];
    for (int r = 0; r < mr; r++) for (int c = 0; c < nr; c++) C[r * ld + c] += ab[r * NR + c];
}
void packed(int m, int n, int k, const double *A, const double *B, double *C)
{
    for (int jc = 0; jc < n; jc += NC) {
        int nc = min(NC, n - jc);
        for (int pc = 0; pc < k; pc += KC) {
            int kc = min(KC, k - pc);
            pack_b(kc, nc, B + pc * n + jc, n, Bb);
            for (int ic = 0; ic < m; ic += MC) {
                int mc = min(MC, m - ic);
                pack_a(mc, kc, A + ic * k + pc, k, Ab);
                for (int jr = 0; jr < nc; jr += NR)
                    for (int ir = 0; ir < mc; ir += MR)
                        micro(kc, Ab + ir * kc, Bb + jr * kc, C + (ic + ir) * n + jc + jr, n, min(MR, mc - ir),
                              min(NR, nc - jr));
            }
        }
    }
}
//// static_array_of_the_last_call
//! EL817 [last[i] = now] last is static: it keeps its value from one call to the next
//? set it before it is read
static double last[8];
void smooth(double *x)
{
    for (int i = 0; i < 8; i++) {
        double now = x[i];
        x[i] = now + last[i];
        last[i] = now;
    }
}
