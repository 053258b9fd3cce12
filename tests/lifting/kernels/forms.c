//// macro_access
//: c.reshape(m, ldc)[:, :n] += np.einsum('ip,pj->ij', a.reshape(m, lda)[:, :k], b.reshape(k, ldb)[:, :n])
//# right where lda >= k
//# right where ldb >= n
//# right where ldc >= n
#define A(i, j) a[(i) * lda + (j)]
#define B(i, j) b[(i) * ldb + (j)]
#define C(i, j) c[(i) * ldc + (j)]
void gemm(int m, int n, int k, float *a, int lda, float *b, int ldb, float *c, int ldc)
{
    int i, j, p;
    for (i = 0; i < m; i++)
        for (j = 0; j < n; j++)
            for (p = 0; p < k; p++)
                C(i, j) = C(i, j) + A(i, p) * B(p, j);
}
//// macro_index
//: c = np.einsum('ik,kj->ij', a.reshape(n, m), b.reshape(m, p))
#include <stdio.h>
#include <stdlib.h>
#define IDX(i, j, n) ((i) * (n) + (j))
#ifdef USE_FLOAT
typedef float real_t;
#else
typedef double real_t;
#endif
static inline real_t mul(real_t x, real_t y) { return x * y; }
void mm(const real_t *a, const real_t *b, real_t *c, const size_t n, const size_t m, const size_t p)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < p; j++) {
            real_t s = (real_t)0;
            for (size_t k = 0; k < m; k++)
                s += mul(a[IDX(i, k, m)], b[IDX(k, j, p)]);
            c[IDX(i, j, p)] = s;
        }
}
//// fixed_size
//: C = np.einsum('ik,kj->ij', A, B)
#define N 1024
void matmul(float A[N][N], float B[N][N], float C[N][N])
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            float sum = 0.0f;
            for (int k = 0; k < N; k++) sum += A[i][k] * B[k][j];
            C[i][j] = sum;
        }
}
//// fixed_sizes_that_differ
//: C = beta * C + alpha * np.einsum('ik,kj->ij', A, B)
#define NI 40
#define NJ 50
#define NK 60
static double A[NI][NK], B[NK][NJ], C[NI][NJ];
void kernel(double alpha, double beta)
{
    int i, j, k;
    for (i = 0; i < NI; i++) {
        for (j = 0; j < NJ; j++) C[i][j] *= beta;
        for (k = 0; k < NK; k++)
            for (j = 0; j < NJ; j++) C[i][j] += alpha * A[i][k] * B[k][j];
    }
}
//// enum_and_const
//: c = np.einsum('ik,kj->ij', a.reshape(16, 12), b.reshape(12, 24))
enum { ROWS = 16, COLS = 24 };
const int DEPTH = 12;
void f(const int *a, const int *b, int *c)
{
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLS; j++) {
            int s = 0;
            for (int k = 0; k < DEPTH; k++) s += a[i * DEPTH + k] * b[k * COLS + j];
            c[i * COLS + j] = s;
        }
}
//// literal_bounds
//: y = np.einsum('ij,j->i', a.reshape(30, 20), x)
void f(const double *a, const double *x, double *y)
{
    for (int i = 0; i < 30; i++) {
        y[i] = 0;
        for (int j = 0; j < 20; j++) y[i] += a[i * 20 + j] * x[j];
    }
}
//// flat_product_of_literals
//: c = np.einsum('ik,kj->ij', a.reshape(8, 8), b.reshape(8, 8))
void f(const double *a, const double *b, double *c)
{
    for (int i = 0; i < 64; i++) c[i] = 0;
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++)
            for (int k = 0; k < 8; k++) c[i * 8 + j] += a[i * 8 + k] * b[k * 8 + j];
}
//// wrong_literal
//! EL817 [c[i * 8 + j] += a[i * 8 + k] * b[k * 8 + j]] parts of c are read after other parts were written
/* the zero loop stops early */
void f(const double *a, const double *b, double *c)
{
    for (int i = 0; i < 60; i++) c[i] = 0;
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++)
            for (int k = 0; k < 8; k++) c[i * 8 + j] += a[i * 8 + k] * b[k * 8 + j];
}
//// variable_length_arrays
//: c = np.einsum('ik,kj->ij', a, b)
void mm(int n, int m, int p, double a[n][m], double b[m][p], double c[n][p])
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < p; j++) {
            c[i][j] = 0;
            for (int k = 0; k < m; k++) c[i][j] += a[i][k] * b[k][j];
        }
}
//// pointer_to_rows
//: y = np.einsum('ij,j->i', a, x)
void mv(int n, int m, double (*a)[m], const double *x, double *y)
{
    for (int i = 0; i < n; i++) {
        const double *row = a[i];
        double s = 0;
        for (int j = 0; j < m; j++) s += row[j] * x[j];
        y[i] = s;
    }
}
//// row_pointers
//: C = np.einsum('ik,kj->ij', A, B)
void mm(float **A, float **B, float **C, int n, int m, int p)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < p; j++) {
            C[i][j] = 0.0f;
            for (int k = 0; k < m; k++) C[i][j] += A[i][k] * B[k][j];
        }
}
//// three_axes
//: out = np.einsum('ijk,k->ij', T, v)
void contract(int I, int J, int K, double T[I][J][K], double v[K], double out[I][J])
{
    for (int i = 0; i < I; i++)
        for (int j = 0; j < J; j++) {
            out[i][j] = 0.0;
            for (int k = 0; k < K; k++) out[i][j] += T[i][j][k] * v[k];
        }
}
//// flat_walk_over_two_axes
//: c = 2 * a
void zero_then_add(int n, int m, double a[n][m], double c[n][m])
{
    double *p = &c[0][0];
    for (int t = 0; t < n * m; t++) *p++ = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) c[i][j] += 2 * a[i][j];
}
//// matrix_struct
//: c_data.reshape(a_rows, c_cols)[:, :b_cols] = np.einsum('ij,jk->ik', a_data.reshape(a_rows, a_cols), b_data.reshape(a_cols, b_cols))
//# right where c_cols >= b_cols
//# a_rows is a->rows
//# b_cols is b->cols
//# a_cols is a->cols
//# a_data is a->data
//# b_data is b->data
//# c_data is c->data
//# c_cols is c->cols
typedef struct {
    int rows;
    int cols;
    float *data;
} Matrix;
void mul(const Matrix *a, const Matrix *b, Matrix *c)
{
    for (int i = 0; i < a->rows; i++)
        for (int j = 0; j < b->cols; j++) {
            float s = 0;
            for (int k = 0; k < a->cols; k++) s += a->data[i * a->cols + k] * b->data[k * b->cols + j];
            c->data[i * c->cols + j] = s;
        }
}
//// matrix_struct_checked
//: c_data = np.einsum('ij,jk->ik', a_data.reshape(a_rows, b_rows), b_data.reshape(b_rows, b_cols))
//# right where a_cols = b_rows
//# right where c_rows = a_rows
//# right where c_cols = b_cols
//# b_rows is b->rows
//# a_rows is a->rows
//# b_cols is b->cols
//# a_data is a->data
//# b_data is b->data
//# c_data is c->data
typedef struct matrix {
    size_t rows, cols;
    double *data;
} matrix;
int mul(const matrix *a, const matrix *b, matrix *c)
{
    if (a->cols != b->rows) return -1;
    if (c->rows != a->rows || c->cols != b->cols) return -1;
    for (size_t i = 0; i < a->rows; i++)
        for (size_t j = 0; j < b->cols; j++) {
            double s = 0;
            for (size_t k = 0; k < a->cols; k++) s += a->data[i * a->cols + k] * b->data[k * b->cols + j];
            c->data[i * c->cols + j] = s;
        }
    return 0;
}
//// struct_by_value
//: result = np.einsum('i,i->', a_x, b_x)
//# a_x is a.x
//# b_x is b.x
struct vec { int n; double *x; };
double dot(struct vec a, struct vec b)
{
    double s = 0;
    for (int i = 0; i < a.n; i++) s += a.x[i] * b.x[i];
    return s;
}
//// struct_of_rows
//: out_v = np.einsum('ij,kj->ki', m_v, in__v)
//# out_v is out[i].v
//# m_v is m[i].v
//# in__v is in[i].v
struct row { float v[4]; };
void transform(int n, const struct row m[4], const struct row *in, struct row *out)
{
    for (int t = 0; t < n; t++)
        for (int i = 0; i < 4; i++) {
            out[t].v[i] = 0;
            for (int j = 0; j < 4; j++) out[t].v[i] += m[i].v[j] * in[t].v[j];
        }
}
//// complex_structs
//: c_re = np.einsum('i,i->i', a_re, b_re) - np.einsum('i,i->i', a_im, b_im)
//: c_im = np.einsum('i,i->i', a_re, b_im) + np.einsum('i,i->i', a_im, b_re)
//# a_re is a[i].re
//# b_re is b[i].re
//# a_im is a[i].im
//# b_im is b[i].im
//# c_re is c[i].re
//# a_re is a[i].re
//# b_re is b[i].re
//# a_im is a[i].im
//# b_im is b[i].im
//# c_im is c[i].im
typedef struct { double re, im; } cplx;
void cmul(int n, const cplx *a, const cplx *b, cplx *c)
{
    for (int i = 0; i < n; i++) {
        c[i].re = a[i].re * b[i].re - a[i].im * b[i].im;
        c[i].im = a[i].re * b[i].im + a[i].im * b[i].re;
    }
}
//// vectors_of_three
//: out = np.einsum('i,i->i', a_x, b_x) + np.einsum('i,i->i', a_y, b_y) + np.einsum('i,i->i', a_z, b_z)
//# a_x is a[i].x
//# b_x is b[i].x
//# a_y is a[i].y
//# b_y is b[i].y
//# a_z is a[i].z
//# b_z is b[i].z
typedef struct { float x, y, z; } vec3;
void dots(int n, const vec3 *a, const vec3 *b, float *out)
{
    for (int i = 0; i < n; i++) out[i] = a[i].x * b[i].x + a[i].y * b[i].y + a[i].z * b[i].z;
}
//// asserted
//: c = np.einsum('ik,kj->ij', a.reshape(ar, br), b.reshape(br, bc))
//# right where ac = br
#include <assert.h>
void mm(int ar, int ac, int br, int bc, const double *a, const double *b, double *c)
{
    assert(ac == br);
    for (int i = 0; i < ar; i++)
        for (int j = 0; j < bc; j++) {
            c[i * bc + j] = 0;
            for (int k = 0; k < ac; k++) c[i * bc + j] += a[i * ac + k] * b[k * bc + j];
        }
}
//// guarded
//: y -= x
int f(int n, const double *x, double *y)
{
    if (x == NULL || y == NULL) return -1;
    if (n < 1) return -1;
    for (int i = 0; i < n; i++) y[i] -= x[i];
    return 0;
}
//// helpers
//: c = np.einsum('ik,kj->ij', a.reshape(n, m), b.reshape(m, p))
static double dot(const double *a, const double *b, int n, int stride)
{
    double s = 0;
    for (int i = 0; i < n; i++) s += a[i] * b[i * stride];
    return s;
}
void mm(int n, int m, int p, const double *a, const double *b, double *c)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < p; j++) c[i * p + j] = dot(a + i * m, b + j, m, p);
}
//// fused
//: c += np.einsum('i,i->i', a, b)
void f(int n, const double *a, const double *b, double *c)
{
    for (int i = 0; i < n; i++) c[i] = fma(a[i], b[i], c[i]);
}
//// power
//: c = np.einsum('i,i,i->i', a, a, a) + np.einsum('i,i->i', a, a)
void f(int n, const double *a, double *c)
{
    for (int i = 0; i < n; i++) c[i] = pow(a[i], 3) + powf(a[i], 2.0f);
}
//// calloc_temporary
//: c = np.einsum('ik,ka,aj->ij', a.reshape(n, n), b.reshape(n, n), d.reshape(n, n))
void chain(int n, const double *a, const double *b, const double *d, double *c)
{
    double *t = calloc(n * n, sizeof *t);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            for (int k = 0; k < n; k++) t[i * n + j] += a[i * n + k] * b[k * n + j];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            c[i * n + j] = 0;
            for (int k = 0; k < n; k++) c[i * n + j] += t[i * n + k] * d[k * n + j];
        }
    free(t);
}
//// returned_array
//: result = s * x
double *scaled(int n, double s, const double *x)
{
    double *y = malloc(n * sizeof(*y));
    for (int i = 0; i < n; i++) y[i] = s * x[i];
    return y;
}
//// copied
//: y = 2 * x
void f(int n, const double *x, double *y)
{
    memcpy(y, x, n * sizeof(double));
    for (int i = 0; i < n; i++) y[i] *= 2;
}
//// openmp
//: c = np.einsum('ik,kj->ij', a.reshape(n, n), b.reshape(n, n))
void mm(int n, const double *restrict a, const double *restrict b, double *restrict c)
{
    #pragma omp parallel for collapse(2) schedule(static)
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            double s = 0;
            #pragma omp simd reduction(+ : s)
            for (int k = 0; k < n; k++) s += a[i * n + k] * b[k * n + j];
            c[i * n + j] = s;
        }
    }
}
//// tiled
//: c.reshape(n, p)[...] += np.einsum('ik,kj->ij', a.reshape(n, m), b.reshape(m, p))
#define BLOCK 32
#define MIN(a, b) ((a) < (b) ? (a) : (b))
void mm(int n, int m, int p, const double *a, const double *b, double *c)
{
    for (int ii = 0; ii < n; ii += BLOCK)
        for (int kk = 0; kk < m; kk += BLOCK)
            for (int jj = 0; jj < p; jj += BLOCK)
                for (int i = ii; i < MIN(ii + BLOCK, n); i++)
                    for (int k = kk; k < MIN(kk + BLOCK, m); k++) {
                        double x = a[i * m + k];
                        for (int j = jj; j < MIN(jj + BLOCK, p); j++) c[i * p + j] += x * b[k * p + j];
                    }
}
//// tiled_whole_blocks_only
//: y = x
//# right where n % 8 == 0
/* what is left of n after whole blocks is left out */
void f(int n, const double *x, double *y)
{
    for (int b = 0; b < n / 8; b++)
        for (int i = 0; i < 8; i++) y[b * 8 + i] = x[b * 8 + i];
}
//// tiled_without_min
//: y = x
//# right where n % 16 == 0
/* runs past the end unless n is a multiple of 16 */
void f(int n, const double *x, double *y)
{
    for (int b = 0; b < n; b += 16)
        for (int i = b; i < b + 16; i++) y[i] = x[i];
}
//// packed
//: c.reshape(m, n)[...] += np.einsum('ij,jk->ik', a.reshape(m, k), b.reshape(k, n))
#define MC 16
#define NC 16
static int lesser(int a, int b) { return a < b ? a : b; }
static void pack(int rows, int cols, const double *src, int ld, double *dst)
{
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) *dst++ = src[i * ld + j];
}
void gemm(int m, int n, int k, const double *a, const double *b, double *c)
{
    double pa[MC * NC], pb[MC * NC];
    for (int p = 0; p < k; p += NC) {
        int kb = lesser(NC, k - p);
        for (int i = 0; i < m; i += MC) {
            int mb = lesser(MC, m - i);
            pack(mb, kb, a + i * k + p, k, pa);
            for (int j = 0; j < n; j += NC) {
                int nb = lesser(NC, n - j);
                pack(kb, nb, b + p * n + j, n, pb);
                for (int x = 0; x < mb; x++)
                    for (int y = 0; y < nb; y++) {
                        double s = 0;
                        for (int z = 0; z < kb; z++) s += pa[x * kb + z] * pb[z * nb + y];
                        c[(i + x) * n + j + y] += s;
                    }
            }
        }
    }
}
//// unrolled_by_four
//: y = np.einsum('ij,j->i', a.reshape(n, m), x)
void mv(int n, int m, const float *a, const float *x, float *y)
{
    for (int i = 0; i < n; i++) {
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int j = 0;
        for (; j + 3 < m; j += 4) {
            s0 += a[i * m + j] * x[j];
            s1 += a[i * m + j + 1] * x[j + 1];
            s2 += a[i * m + j + 2] * x[j + 2];
            s3 += a[i * m + j + 3] * x[j + 3];
        }
        float s = (s0 + s1) + (s2 + s3);
        for (; j < m; j++) s += a[i * m + j] * x[j];
        y[i] = s;
    }
}
//// unrolled_by_eight_with_mask
//: result = np.einsum('i->', x)
float sum8(unsigned n, const float *x)
{
    float s = 0;
    unsigned i = 0, whole = n & ~7u;
    for (; i < whole; i += 8)
        s += x[i] + x[i + 1] + x[i + 2] + x[i + 3] + x[i + 4] + x[i + 5] + x[i + 6] + x[i + 7];
    for (; i < n; ++i) s += x[i];
    return s;
}
//// unrolled_wrong
//! EL809 [s += x[j]] the loops do not cover all combinations of their indices
/* x[j + 2] twice */
float sum4(int n, const float *x)
{
    float s = 0;
    int j = 0;
    for (; j + 3 < n; j += 4) s += x[j] + x[j + 1] + x[j + 2] + x[j + 2];
    for (; j < n; j++) s += x[j];
    return s;
}
//// micro_kernel
//: c = np.einsum('ip,pj->ij', a.reshape(2, k), b.reshape(k, n))
void mm2(int n, int k, const double *a, const double *b, double *c)
{
    for (int j = 0; j < n; j++) {
        double c0 = 0, c1 = 0;
        for (int p = 0; p < k; p++) {
            double x = b[p * n + j];
            c0 += a[p] * x;
            c1 += a[k + p] * x;
        }
        c[j] = c0;
        c[n + j] = c1;
    }
}
//// dct_in_place
//: block = np.einsum('ik,ka,ja->ij', t, block, t)
#define SIZE 8
void dct2(float block[SIZE][SIZE], const float t[SIZE][SIZE])
{
    float tmp[SIZE][SIZE];
    int i, j, k;
    for (i = 0; i < SIZE; i++)
        for (j = 0; j < SIZE; j++) {
            tmp[i][j] = 0;
            for (k = 0; k < SIZE; k++) tmp[i][j] += t[i][k] * block[k][j];
        }
    for (i = 0; i < SIZE; i++)
        for (j = 0; j < SIZE; j++) {
            block[i][j] = 0;
            for (k = 0; k < SIZE; k++) block[i][j] += tmp[i][k] * t[j][k];
        }
}
//// polybench_2mm
//: tmp = alpha * np.einsum('ik,kj->ij', A, B)
//: D = beta * D + np.einsum('ik,kj->ij', tmp, C)
void kernel_2mm(int ni, int nj, int nk, int nl, DATA_TYPE alpha, DATA_TYPE beta,
                DATA_TYPE POLYBENCH_2D(tmp, NI, NJ, ni, nj), DATA_TYPE POLYBENCH_2D(A, NI, NK, ni, nk),
                DATA_TYPE POLYBENCH_2D(B, NK, NJ, nk, nj), DATA_TYPE POLYBENCH_2D(C, NJ, NL, nj, nl),
                DATA_TYPE POLYBENCH_2D(D, NI, NL, ni, nl))
{
    int i, j, k;
#pragma scop
    for (i = 0; i < _PB_NI; i++)
        for (j = 0; j < _PB_NJ; j++) {
            tmp[i][j] = SCALAR_VAL(0.0);
            for (k = 0; k < _PB_NK; ++k) tmp[i][j] += alpha * A[i][k] * B[k][j];
        }
    for (i = 0; i < _PB_NI; i++)
        for (j = 0; j < _PB_NL; j++) {
            D[i][j] *= beta;
            for (k = 0; k < _PB_NJ; ++k) D[i][j] += tmp[i][k] * C[k][j];
        }
#pragma endscop
}
//// bare_loops
//: c = np.einsum('i,j->ij', a, b)
for (i = 0; i < n; i++)
    for (j = 0; j < m; j++)
        c[i][j] = a[i] * b[j];
//// bare_sum
//: s = np.einsum('i,i->', w, x)
double s = 0;
for (int i = 0; i < n; i++) s += w[i] * x[i];
//// decompiled
//: a3 = np.einsum('ij,j->i', a1.reshape(a4, a5), a2)
__int64 __fastcall sub_401000(__int64 a1, __int64 a2, __int64 a3, int a4, int a5)
{
    int i; // [rsp+2Ch] [rbp-14h]
    int j; // [rsp+30h] [rbp-10h]
    double v8; // [rsp+38h] [rbp-8h]

    for ( i = 0; i < a4; ++i )
    {
        v8 = 0.0;
        for ( j = 0; j < a5; ++j )
            v8 = *(double *)(a1 + 8LL * (j + i * a5)) * *(double *)(8LL * j + a2) + v8;
        *(double *)(a3 + 8LL * i) = v8;
    }
    return 0LL;
}
//// flat_temporaries
//: v3 += np.einsum('ij,j->i', v1.reshape(v4, v5), v2)
void kernel(float *v1, float *v2, float *v3, int32_t v4, int32_t v5)
{
    int32_t v6 = 0;
    while (1) {
        if (!(v6 < v4)) break;
        int32_t v7 = v6 * v5;
        int32_t v8 = 0;
        while (1) {
            if (!(v8 < v5)) break;
            int32_t v9 = v7 + v8;
            float v10 = v1[v9];
            float v11 = v2[v8];
            float v12 = v10 * v11;
            float *v13 = &v3[v6];
            float v14 = *v13;
            *v13 = v14 + v12;
            v8 = v8 + 1;
        }
        v6 = v6 + 1;
    }
}
//// casts_everywhere
//: out = np.einsum('i,i->', x, y)
//# x is int16, y is int16, out is int64: convert first, as x.astype(np.int64) does
void f(uint32_t n, const int16_t *x, const int16_t *y, int64_t *out)
{
    int64_t acc = (int64_t)0;
    for (uint32_t i = (uint32_t)0; (uint32_t)i < (uint32_t)n; i = (uint32_t)(i + 1u))
        acc = (int64_t)((int64_t)acc + ((int64_t)((int32_t)x[i]) * (int64_t)((int32_t)y[i])));
    *out = acc;
}
//// rows_of_eight
//: v3 = np.einsum('ij->i', v2.reshape(v1, 8))
void f(int v1, const double *v2, double *v3)
{
    for (int v4 = 0; v4 < v1; v4++) {
        double v5 = 0;
        for (int v6 = 0; v6 < 8; v6++) {
            int v12 = v4 * 8 + v6;
            v5 += v2[v12];
        }
        v3[v4] = v5;
    }
}
//// attention_scores
//: s = scale * np.einsum('thd,uhd->htu', q.reshape(T, H, D), k.reshape(T, H, D))
void scores(int T, int H, int D, float scale, const float *q, const float *k, float *s)
{
    for (int h = 0; h < H; h++)
        for (int t = 0; t < T; t++)
            for (int u = 0; u < T; u++) {
                float acc = 0.0f;
                for (int d = 0; d < D; d++) acc += q[(t * H + h) * D + d] * k[(u * H + h) * D + d];
                s[(h * T + t) * T + u] = acc * scale;
            }
}
//// dense_layer
//: y = bias + np.einsum('bi,oi->bo', x.reshape(batch, in_), w.reshape(out, in_))
//# in_ is in
void dense(int batch, int in, int out, const float *x, const float *w, const float *bias, float *y)
{
    for (int b = 0; b < batch; b++)
        for (int o = 0; o < out; o++) {
            float acc = bias[o];
            for (int i = 0; i < in; i++) acc += x[b * in + i] * w[o * in + i];
            y[b * out + o] = acc;
        }
}
//// weight_gradient
//: dw.reshape(out, in_)[...] += np.einsum('bo,bi->oi', dy.reshape(batch, out), x.reshape(batch, in_))
//: db += np.einsum('bo->o', dy.reshape(batch, out))
//# in_ is in
void backward(int batch, int in, int out, const float *dy, const float *x, float *dw, float *db)
{
    for (int b = 0; b < batch; b++)
        for (int o = 0; o < out; o++) {
            float g = dy[b * out + o];
            db[o] += g;
            for (int i = 0; i < in; i++) dw[o * in + i] += g * x[b * in + i];
        }
}
//// sgd
//: w -= lr * g + lr * decay * w
void step(int n, float lr, float decay, const float *g, float *w)
{
    for (int i = 0; i < n; i++) w[i] -= lr * (g[i] + decay * w[i]);
}
//// blend
//: out = -t * a + a + t * b
void blend(int n, float t, const float *a, const float *b, float *out)
{
    for (int i = 0; i < n; i++) out[i] = (1.0f - t) * a[i] + t * b[i];
}
//// squared_distance
//: result = np.einsum('i,i->', a, a) - 2 * np.einsum('i,i->', a, b) + np.einsum('i,i->', b, b)
double dist2(int n, const double *a, const double *b)
{
    double s = 0;
    for (int i = 0; i < n; i++) {
        double d = a[i] - b[i];
        s += d * d;
    }
    return s;
}
//// pointwise_convolution
//: out = b + np.einsum('ic,fc->if', in_.reshape(H*W, C), w.reshape(F, C))
//# in_ is in
void conv1x1(int H, int W, int C, int F, const float *in, const float *w, const float *b, float *out)
{
    for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x)
            for (int f = 0; f < F; ++f) {
                float s = b[f];
                for (int c = 0; c < C; ++c) s += in[(y * W + x) * C + c] * w[f * C + c];
                out[(y * W + x) * F + f] = s;
            }
}
//// channel_scale
//: y = np.einsum('ijk,j->ijk', x.reshape(n, c, hw), g)
void scale(int n, int c, int hw, const float *x, const float *g, float *y)
{
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < c; ++j)
            for (int k = 0; k < hw; ++k) {
                int at = (i * c + j) * hw + k;
                y[at] = x[at] * g[j];
            }
}
//// global_pool
//: y = np.einsum('ki->k', x.reshape(c, h*w)) / (h*w)
//# right where h is not 0
//# right where w is not 0
void gap(int c, int h, int w, const float *x, float *y)
{
    for (int k = 0; k < c; k++) {
        float s = 0;
        for (int i = 0; i < h * w; i++) s += x[k * h * w + i];
        y[k] = s / (h * w);
    }
}
