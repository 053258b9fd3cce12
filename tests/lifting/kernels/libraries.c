/* Kernels as libraries have them: signal processing, vectors, images, neural networks, and what compilers write. */

//// mat4_vec
//: out_v = np.einsum('ij,i->j', M_m, in__v)
//# out_v is out->v
//# M_m is M->m
//# in__v is in->v
typedef struct { float m[4][4]; } mat4;
typedef struct { float v[4]; } vec4;
void mat4_transform(const mat4 *M, const vec4 *in, vec4 *out)
{
    int r, c;
    for (r = 0; r < 4; r++) {
        out->v[r] = 0.0f;
        for (c = 0; c < 4; c++)
            out->v[r] += M->m[c][r] * in->v[c];
    }
}
//// vec3_lerp
//: out_e = a_e + t * b_e - t * a_e
//# a_e is a->e
//# b_e is b->e
//# out_e is out->e
typedef struct { float e[3]; } V3;
void v3_lerp(V3 *out, const V3 *a, const V3 *b, float t)
{
    for (int i = 0; i < 3; i++) out->e[i] = a->e[i] + t * (b->e[i] - a->e[i]);
}
//// cross3
//: c[:2] = np.einsum('i,i->i', a[1:], b[::-2]) - np.einsum('i,i->i', a[::-2], b[1:])
//: c[2] = a[0] * b[1] - a[1] * b[0]
void cross(const double a[3], const double b[3], double c[3])
{
    c[0] = a[1]*b[2] - a[2]*b[1];
    c[1] = a[2]*b[0] - a[0]*b[2];
    c[2] = a[0]*b[1] - a[1]*b[0];
}
//// dspstone_matrix2_peeled
//: c = np.einsum('ij,kj->ki', a.reshape(n, m), b.reshape(l, m))
//# right where m is not 0
//# a is int16, b is int16, c is int32: convert first, as a.astype(np.int32) does
void matrix2(int n, int m, int l, short *a, short *b, int *c)
{
    int i, k, f;
    short *pa, *pb;
    int *pc = c;
    for (k = 0; k < l; k++) {
        pa = a;
        for (i = 0; i < n; i++) {
            pb = b + k * m;
            *pc = *pa++ * *pb++;
            for (f = 1; f < m; f++)
                *pc += *pa++ * *pb++;
            pc++;
        }
    }
}
//// mat1x3
//: y = np.einsum('ij,j->i', h.reshape(N, N), x)
void mat1x3(int N, int *h, int *x, int *y)
{
    int *p_x, *p_y = y, *p_h = h;
    int i, f;
    for (i = 0; i < N; i++) {
        *p_y = 0;
        p_x = &x[0];
        for (f = 0; f < N; f++)
            *p_y += *p_h++ * *p_x++;
        p_y++;
    }
}
//// energy
//: result = np.einsum('i,i->', x, x) / n
//# right where n is not 0
//# x is int16, result is float64: convert first, as x.astype(np.float64) does
double energy(const short *x, int n)
{
    double e = 0;
    int k = n;
    while (--k >= 0) e += (double)x[k] * x[k];
    return e / n;
}
//// simpl_sum_elts
//: result = np.einsum('i->', arr)
int sum_elts(int *arr, int n)
{
    int sum = 0;
    for (int i = 0; i < n; ++i) {
        sum = sum + arr[i];
    }
    return sum;
}
//// simpl_muladd3
//: out = np.einsum('i,i->i', a, b) + c
void muladd(int *a, int *b, int *c, int n, int *out) { for (int i = 0; i != n; i++) out[i] = a[i]*b[i] + c[i]; }
//// packed_panel
//: C.reshape(M, N)[...] += np.einsum('ik,kj->ij', A.reshape(M, K), B.reshape(K, N))
void gemm_panel(int M, int N, int K, const float *A, const float *B, float *C)
{
    float panel[64 * 64];
    for (int k0 = 0; k0 < K; k0 += 64) {
        int kb = K - k0 < 64 ? K - k0 : 64;
        for (int j0 = 0; j0 < N; j0 += 64) {
            int nb = N - j0 < 64 ? N - j0 : 64;
            for (int k = 0; k < kb; k++)
                for (int j = 0; j < nb; j++)
                    panel[k * 64 + j] = B[(k0 + k) * N + j0 + j];
            for (int i = 0; i < M; i++)
                for (int k = 0; k < kb; k++) {
                    float av = A[i * K + k0 + k];
                    for (int j = 0; j < nb; j++)
                        C[i * N + j0 + j] += av * panel[k * 64 + j];
                }
        }
    }
}
//// int8_gemm
//: C = np.einsum('mk,nk->mn', A.reshape(M, K), B.reshape(N, K))
//# A is int8, B is int8, C is int32: convert first, as A.astype(np.int32) does
#include <stdint.h>
void gemm_s8(int M, int N, int K, const int8_t *A, const int8_t *B, int32_t *C)
{
    for (int m = 0; m < M; m++)
        for (int n = 0; n < N; n++) {
            int32_t acc = 0;
            for (int k = 0; k < K; k++)
                acc += (int32_t)A[m*K + k] * (int32_t)B[n*K + k];
            C[m*N + n] = acc;
        }
}
//// int8_zero_point
//: C = np.einsum('mk,kn->mn', A.reshape(M, K), B.reshape(K, N)) - zb * np.einsum('mk->m', A.reshape(M, K))[:, None] - za * np.einsum('kn->n', B.reshape(K, N)) + K * za * zb
//# A is uint8, B is uint8, C is int32: convert first, as A.astype(np.int32) does
#include <stdint.h>
void qgemm(int M, int N, int K, const uint8_t *A, const uint8_t *B, int32_t *C, int32_t za, int32_t zb)
{
    for (int m = 0; m < M; m++)
        for (int n = 0; n < N; n++) {
            int32_t acc = 0;
            for (int k = 0; k < K; k++)
                acc += ((int32_t)A[m*K + k] - za) * ((int32_t)B[k*N + n] - zb);
            C[m*N + n] = acc;
        }
}
//// countdown_size_t
//: p = s * p
void scale_back(float *p, size_t n, float s)
{
    for (size_t i = n; i-- > 0; )
        p[i] *= s;
}
//// decompiled_ghidra
//: param_3 = np.einsum('ij,jk->ik', param_1.reshape(param_4, param_4), param_2.reshape(param_4, param_4))
void FUN_00101149(long param_1, long param_2, long param_3, int param_4)
{
  int local_14;
  int local_10;
  int local_c;
  for (local_14 = 0; local_14 < param_4; local_14 = local_14 + 1) {
    for (local_10 = 0; local_10 < param_4; local_10 = local_10 + 1) {
      *(double *)(param_3 + (long)(local_14 * param_4 + local_10) * 8) = 0.0;
      for (local_c = 0; local_c < param_4; local_c = local_c + 1) {
        *(double *)(param_3 + (long)(param_4 * local_14 + local_10) * 8) =
             *(double *)(param_1 + (long)(param_4 * local_14 + local_c) * 8) *
             *(double *)(param_2 + (long)(param_4 * local_c + local_10) * 8) +
             *(double *)(param_3 + (long)(param_4 * local_14 + local_10) * 8);
      }
    }
  }
  return;
}
//// switch_op
//! EL805 [op] which case runs depends on op
//? give the one case that is meant
void apply(int op, int n, const float *a, const float *b, float *c)
{
    int i;
    switch (op) {
    case 0: for (i = 0; i < n; i++) c[i] = a[i] + b[i]; break;
    case 1: for (i = 0; i < n; i++) c[i] = a[i] - b[i]; break;
    default: break;
    }
}
//// switch_const
//: c = 2 * a
#define MODE 2
void run_mode(int n, const float *a, float *c)
{
    switch (MODE) {
    case 1: for (int i = 0; i < n; i++) c[i] = a[i]; break;
    case 2: for (int i = 0; i < n; i++) c[i] = 2 * a[i]; break;
    }
}
//// designated
//: out = np.einsum('k,ik->i', w, p.reshape(n, 3))
//# w is the table of the text
void axis(int n, const float *p, float *out)
{
    const float w[3] = { [2] = 1.0f };
    for (int i = 0; i < n; i++) {
        out[i] = 0;
        for (int k = 0; k < 3; k++) out[i] += w[k] * p[3*i+k];
    }
}
//// compound_literal_struct
//: result_x = a_x + b_x
//: result_y = a_y + b_y
//: result_z = a_z + b_z
//# a_x is a.x
//# b_x is b.x
//# a_y is a.y
//# b_y is b.y
//# a_z is a.z
//# b_z is b.z
typedef struct { float x, y, z; } vec;
vec vec_add(vec a, vec b) { vec r; r.x = a.x + b.x; r.y = a.y + b.y; r.z = a.z + b.z; return r; }
//// matrix_struct_get
//: C_vals = np.einsum('ij,jk->ik', A_vals, B_vals)
//# right where A_cols = B_rows
//# A_vals is A->vals
//# B_vals is B->vals
//# C_vals is C->vals
typedef struct matrix { int rows, cols; float **vals; } matrix;
static inline float get(const matrix *m, int r, int c) { return m->vals[r][c]; }
static inline void set(matrix *m, int r, int c, float v) { m->vals[r][c] = v; }
void matmul(const matrix *A, const matrix *B, matrix *C)
{
    assert(A->cols == B->rows);
    for (int i = 0; i < A->rows; ++i)
        for (int j = 0; j < B->cols; ++j) {
            float s = 0;
            for (int k = 0; k < A->cols; ++k) s += get(A, i, k) * get(B, k, j);
            set(C, i, j, s);
        }
}
//// dot_four_acc
//: result = np.einsum('i,i->', a, b)
float dot4acc(const float *a, const float *b, int n)
{
    float s[4] = {0, 0, 0, 0};
    int i;
    for (i = 0; i + 4 <= n; i += 4)
        for (int l = 0; l < 4; l++) s[l] += a[i+l] * b[i+l];
    for (; i < n; i++) s[0] += a[i] * b[i];
    return s[0] + s[1] + s[2] + s[3];
}
//// blocked_whole
//: C += np.einsum('ik,kj->ij', A, B)
#define BS 8
void gemm_blocked(double A[64][64], double B[64][64], double C[64][64])
{
    for (int bi = 0; bi < 64 / BS; bi++)
    for (int bj = 0; bj < 64 / BS; bj++)
    for (int bk = 0; bk < 64 / BS; bk++)
        for (int i = 0; i < BS; i++)
        for (int j = 0; j < BS; j++)
        for (int k = 0; k < BS; k++)
            C[bi*BS+i][bj*BS+j] += A[bi*BS+i][bk*BS+k] * B[bk*BS+k][bj*BS+j];
}
//// cache_oblique
//: c = np.einsum('ij,ik->jk', a.reshape(k, n), b.reshape(k, m))
void tmatmul(int n, int m, int k, float *restrict c, const float *restrict a, const float *restrict b)
{
    for (int x = 0; x < n * m; x++) c[x] = 0;
    for (int p = 0; p < k; p++)
        for (int x = 0; x < n * m; x++) {
            int i = x / m, j = x % m;
            c[x] += a[p * n + i] * b[p * m + j];
        }
}
//// iota
//! EL810 [i] the value of the index i itself is computed with
//? np.arange holds the indices: give it to an einsum as an operand
void iota(int n, int *a) { for (int i = 0; i < n; i++) a[i] = i; }
//// strided_wrong
//! EL810 [c[i*n+j] += a[i*n+k] * b[k*n+j]] the products of a, b are not an einsum
void mm_square_only(int n, int m, int p, const double *a, const double *b, double *c)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) {
            c[i*n+j] = 0;
            for (int k = 0; k < p; k++) c[i*n+j] += a[i*n+k] * b[k*n+j];
        }
}
//// iir
//! EL810 [y[i] = s] each turn of a loop multiplies what the turn before made of y
void iir(int n, const float *x, float *y, float a) { float s = 0; for (int i = 0; i < n; i++) { s = a * s + x[i]; y[i] = s; } }
//// jacobi2d
//: B[1:n - 1, 1:n - 1] = 0.2 * A[1:n - 1, 1:n - 1] + 0.2 * A[1:n - 1, :n - 2] + 0.2 * A[1:n - 1, 2:] + 0.2 * A[2:, 1:n - 1] + 0.2 * A[:n - 2, 1:n - 1]
void jacobi(int n, double A[n][n], double B[n][n])
{
    for (int i = 1; i < n - 1; i++)
        for (int j = 1; j < n - 1; j++)
            B[i][j] = 0.2 * (A[i][j] + A[i][j-1] + A[i][1+j] + A[1+i][j] + A[i-1][j]);
}
//// avgpool
//: out = 0.25 * np.einsum('yixj->yx', in_.reshape(h, 2, w, 2))
//# in_ is in
void downsample(int h, int w, const float *in, float *out)
{
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            out[y*w+x] = (in[(2*y)*(2*w)+2*x] + in[(2*y)*(2*w)+2*x+1] + in[(2*y+1)*(2*w)+2*x] + in[(2*y+1)*(2*w)+2*x+1]) / 4;
}
//// heat_rows
//: v[1:n - 1, 1:m - 1] = u[1:n - 1, 1:m - 1] + r * u[:n - 2, 1:m - 1] - 2 * r * u[1:n - 1, 1:m - 1] + r * u[2:, 1:m - 1]
void heat(int n, int m, double r, double u[n][m], double v[n][m])
{
    for (int i = 1; i < n - 1; i++)
        for (int j = 1; j < m - 1; j++)
            v[i][j] = u[i][j] + r * (u[i - 1][j] - 2 * u[i][j] + u[i + 1][j]);
}
//// walked_in_a_helper
//: y = np.einsum('ij,j->i', a.reshape(m, n), x)
static int dot(const int *p, const int *q, int n)
{
    int s = 0;
    while (n--) s += *p++ * *q++;
    return s;
}
void rows(int m, int n, const int *a, const int *x, int *y)
{
    for (int i = 0; i < m; i++) y[i] = dot(a + i * n, x, n);
}
//// whole_number_scales
//: y = alpha * x + beta * y
void saxpby(int n, int alpha, const int *x, int beta, int *y)
{
    for (int i = 0; i < n; i++) y[i] = alpha * x[i] + beta * y[i];
}
//// whole_sum_of_fractions
//! EL807 [w[i] * x[i]] a number loses its fraction here
//? einsum keeps fractions
void mix(int n, const float *w, const int *x, int *y)
{
    for (int i = 0; i < n; i++) y[i] += w[i] * x[i];
}
//// switch_falls_through
//: y = 11 * x
#define LEVEL 2
void run(int n, const float *x, float *y)
{
    for (int i = 0; i < n; i++) {
        y[i] = 0;
        switch (LEVEL) {
        case 3: y[i] += 100 * x[i];
        case 2: y[i] += 10 * x[i];
        case 1: y[i] += x[i]; break;
        default: y[i] = -x[i];
        }
    }
}
//// designated_struct
//: y = 0.5 * x + 2
typedef struct { float scale, shift; } affine;
void apply(int n, const float *x, float *y)
{
    const affine f = { .shift = 2.0f, .scale = 0.5f };
    for (int i = 0; i < n; i++) y[i] = f.scale * x[i] + f.shift;
}
//// index_is_a_factor
//! EL810 [i] the value of the index i itself is computed with
//? np.arange holds the indices: give it to an einsum as an operand
void ramp(int n, const double *x, double *y)
{
    for (int i = 0; i < n; i++) y[i] = i * x[i];
}
//// product_of_elements
//! EL810 [p *= x[i]] each turn of a loop multiplies what the turn before made of result
double product(int n, const double *x)
{
    double p = 1;
    for (int i = 0; i < n; i++) p *= x[i];
    return p;
}
//// compound_literal
//: result_x = np.einsum('i->', p_x)
//: result_y = np.einsum('i->', p_y)
//# p_x is p[i].x
//# p_y is p[i].y
typedef struct { double x, y; } vec2;
static vec2 add(vec2 a, vec2 b) { return (vec2){ a.x + b.x, a.y + b.y }; }
vec2 sum(int n, const vec2 *p)
{
    vec2 s = { 0 };
    for (int i = 0; i < n; i++) s = add(s, p[i]);
    return s;
}
//// struct_by_value_is_a_copy
//: result_m = np.zeros((2, 3))
//: result_m[0] = a_m[0]
//: result_m[1] = k * a_m[1]
//# a_m is a.m
//# a_m is a.m
typedef struct { double m[2][3]; } mat;
mat scaled(mat a, double k)
{
    for (int j = 0; j < 3; j++) a.m[1][j] *= k;
    return a;
}
//// halved_number
//: y[...] = (k//2)
//# right where k >= 0
void f(int n, int k, float *y)
{
    for (int i = 0; i < n; i++) y[i] = k / 2;
}
