//// gemm
//: c.reshape(m, ldc)[:, :n] = alpha * np.einsum('ip,pj->ij', a.reshape(m, lda)[:, :k], b.reshape(k, ldb)[:, :n]) + beta * c.reshape(m, ldc)[:, :n]
//# right where lda >= k
//# right where ldb >= n
//# right where ldc >= n
void gemm(int m, int n, int k, double alpha, const double *a, int lda, const double *b, int ldb, double beta, double *c, int ldc)
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0.0;
            for (int p = 0; p < k; p++)
                sum += a[i * lda + p] * b[p * ldb + j];
            c[i * ldc + j] = alpha * sum + beta * c[i * ldc + j];
        }
}
//// gemm_reference
//: c.reshape(n, ldc)[:, :m] = beta * c.reshape(n, ldc)[:, :m] + alpha * np.einsum('ik,kj->ij', b.reshape(n, ldb)[:, :k], a.reshape(k, lda)[:, :m])
//# right where ldc >= m
//# right where ldb >= k
//# right where lda >= m
//# right where nothing is inf or nan: where alpha is 0, what it multiplies is left out
//# right where nothing is inf or nan: where beta is 0, what it multiplies is left out
/* alpha and beta are looked at on their own, as the reference does */
void gemm(int m, int n, int k, double alpha, const double *a, int lda, const double *b, int ldb, double beta, double *c, int ldc)
{
    int i, j, l;
    double temp;
    if (m <= 0 || n <= 0 || (alpha == 0.0 && beta == 1.0)) return;
    for (j = 0; j < n; ++j) {
        if (beta == 0.0) {
            for (i = 0; i < m; ++i) c[i + j * ldc] = 0.0;
        } else if (beta != 1.0) {
            for (i = 0; i < m; ++i) c[i + j * ldc] *= beta;
        }
        if (alpha == 0.0) continue;
        for (l = 0; l < k; ++l) {
            temp = alpha * b[l + j * ldb];
            for (i = 0; i < m; ++i) c[i + j * ldc] += temp * a[i + l * lda];
        }
    }
}
//// gemm_beta_forgotten
//! EL805 [beta == 0.0] where beta is 0, something else is computed than otherwise
/* where beta is 0, nothing is set: a special case that does something else */
void gemm(int m, int n, int k, double beta, const double *a, const double *b, double *c)
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int p = 0; p < k; p++) sum += a[i * k + p] * b[p * n + j];
            if (beta == 0.0) c[i * n + j] = 2 * sum;
            else c[i * n + j] = sum + beta * c[i * n + j];
        }
}
//// gemm_nt
//: C.reshape(M, ldc)[:, :N] += ALPHA * np.einsum('ik,jk->ij', A.reshape(M, lda)[:, :K], B.reshape(N, ldb)[:, :K])
//# right where lda >= K
//# right where ldb >= K
//# right where ldc >= N
void gemm_nt(int M, int N, int K, float ALPHA, float *A, int lda, float *B, int ldb, float *C, int ldc)
{
    int i, j, k;
    #pragma omp parallel for
    for (i = 0; i < M; ++i) {
        for (j = 0; j < N; ++j) {
            register float part = 0;
            for (k = 0; k < K; ++k) part += ALPHA * A[i * lda + k] * B[j * ldb + k];
            C[i * ldc + j] += part;
        }
    }
}
//// gemm_tn
//: C.reshape(M, ldc)[:, :N] += ALPHA * np.einsum('ki,kj->ij', A.reshape(K, lda)[:, :M], B.reshape(K, ldb)[:, :N])
//# right where lda >= M
//# right where ldb >= N
//# right where ldc >= N
void gemm_tn(int M, int N, int K, float ALPHA, float *A, int lda, float *B, int ldb, float *C, int ldc)
{
    int i, j, k;
    for (i = 0; i < M; ++i) {
        for (k = 0; k < K; ++k) {
            register float A_PART = ALPHA * A[k * lda + i];
            for (j = 0; j < N; ++j) C[i * ldc + j] += A_PART * B[k * ldb + j];
        }
    }
}
//// gemm_tt
//: c.reshape(m, ldc)[:, :n] += np.einsum('pi,jp->ij', a.reshape(k, lda)[:, :m], b.reshape(n, ldb)[:, :k])
//# right where lda >= m
//# right where ldb >= k
//# right where ldc >= n
void gemm_tt(int m, int n, int k, const float *a, int lda, const float *b, int ldb, float *c, int ldc)
{
    for (int i = 0; i < m; ++i)
        for (int j = 0; j < n; ++j)
            for (int p = 0; p < k; ++p)
                c[i * ldc + j] += a[p * lda + i] * b[j * ldb + p];
}
//// gemv
//: y = alpha * np.einsum('ij,j->i', a.reshape(m, lda)[:, :n], x) + beta * y
//# right where lda >= n
void gemv(int m, int n, double alpha, const double *a, int lda, const double *x, double beta, double *y)
{
    for (int i = 0; i < m; i++) {
        double t = 0;
        for (int j = 0; j < n; j++) t += a[i * lda + j] * x[j];
        y[i] = alpha * t + beta * y[i];
    }
}
//// gemv_transposed
//: y = np.einsum('i,ij->j', x, a.reshape(m, n))
void gemv_t(int m, int n, const double *a, const double *x, double *y)
{
    for (int j = 0; j < n; j++) y[j] = 0.0;
    for (int i = 0; i < m; i++) {
        const double xi = x[i];
        for (int j = 0; j < n; j++) y[j] += xi * a[i * n + j];
    }
}
//// gemv_strided
//: y[:m*incy - incy + 1:incy] += alpha * np.einsum('ij,j->i', a.reshape(m, lda)[:, :n], x[:n*incx - incx + 1:incx])
//# right where lda >= n
//# right where incx >= 1
//# right where incy >= 1
void gemv(int m, int n, double alpha, const double *a, int lda, const double *x, int incx, double *y, int incy)
{
    for (int i = 0; i < m; i++) {
        double t = 0;
        for (int j = 0; j < n; j++) t += a[i * lda + j] * x[j * incx];
        y[i * incy] += alpha * t;
    }
}
//// ger
//: a.reshape(m, lda)[:, :n] += alpha * np.einsum('i,j->ij', x, y)
//# right where lda >= n
void ger(int m, int n, double alpha, const double *x, const double *y, double *a, int lda)
{
    for (int i = 0; i < m; i++) {
        double t = alpha * x[i];
        for (int j = 0; j < n; j++) a[i * lda + j] += t * y[j];
    }
}
//// syrk_full
//: c = beta * c.reshape(n, n) + alpha * np.einsum('ik,jk->ij', a.reshape(n, k), a.reshape(n, k))
void syrk(int n, int k, double alpha, const double *a, double beta, double *c)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            c[i * n + j] *= beta;
            for (int p = 0; p < k; p++) c[i * n + j] += alpha * a[i * k + p] * a[j * k + p];
        }
}
//// syrk_lower
//! EL809 [j <= i] the loop over j is bounded by i: the two do not cover all pairs
//? np.tril and np.triu set the rest of an array to zero
void syrk(int n, int k, const double *a, double *c)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++)
            for (int p = 0; p < k; p++)
                c[i * n + j] += a[i * k + p] * a[j * k + p];
}
//// syr2k
//: c.reshape(n, n)[...] += np.einsum('ik,jk->ij', a.reshape(n, k), b.reshape(n, k)) + np.einsum('ik,jk->ij', b.reshape(n, k), a.reshape(n, k))
void syr2k(int n, int k, const double *a, const double *b, double *c)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            for (int p = 0; p < k; p++)
                c[i * n + j] += a[i * k + p] * b[j * k + p] + b[i * k + p] * a[j * k + p];
}
//// trmm
//! EL817 [b[k * n + j]] b[k * n + j] is read where another step of the loop writes b
//? what a step of a loop reads must not be what another step wrote
void trmm(int m, int n, const double *a, double *b)
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            double s = b[i * n + j];
            for (int k = i + 1; k < m; k++) s += a[k * m + i] * b[k * n + j];
            b[i * n + j] = s;
        }
}
//// trsv
//! EL817 [x[j]] x[j] is read where another step of the loop writes x
//? what a step of a loop reads must not be what another step wrote
void trsv(int n, const double *L, const double *b, double *x)
{
    for (int i = 0; i < n; i++) {
        double s = b[i];
        for (int j = 0; j < i; j++) s -= L[i * n + j] * x[j];
        x[i] = s;
    }
}
//// dot
//: result = np.einsum('i,i->', x, y)
double ddot(int n, const double *x, const double *y)
{
    double s = 0;
    for (int i = 0; i < n; i++) s += x[i] * y[i];
    return s;
}
//// dot_unrolled_first
//: result = np.einsum('i,i->', dx, dy)
/* the remainder first, then steps of five */
double ddot(int n, const double *dx, const double *dy)
{
    int i, m;
    double dtemp = 0.0;
    if (n <= 0) return 0.0;
    m = n % 5;
    for (i = 0; i < m; i++) dtemp += dx[i] * dy[i];
    for (i = m; i < n; i += 5)
        dtemp += dx[i] * dy[i] + dx[i + 1] * dy[i + 1] + dx[i + 2] * dy[i + 2] + dx[i + 3] * dy[i + 3] + dx[i + 4] * dy[i + 4];
    return dtemp;
}
//// dot_reference
//: result = np.einsum('i,i->', dx[:n*incx - incx + 1:incx], dy[:n*incy - incy + 1:incy])
//# right where incx >= 1
//# right where incy >= 1
double ddot(int n, const double *dx, int incx, const double *dy, int incy)
{
    int i, ix, iy, m;
    double dtemp = 0.0;
    if (n <= 0) return 0.0;
    if (incx == 1 && incy == 1) {
        m = n % 5;
        for (i = 0; i < m; ++i) dtemp += dx[i] * dy[i];
        if (n < 5) return dtemp;
        for (i = m; i < n; i += 5)
            dtemp += dx[i] * dy[i] + dx[i + 1] * dy[i + 1] + dx[i + 2] * dy[i + 2] + dx[i + 3] * dy[i + 3] + dx[i + 4] * dy[i + 4];
    } else {
        ix = 0;
        iy = 0;
        if (incx < 0) ix = (-n + 1) * incx;
        if (incy < 0) iy = (-n + 1) * incy;
        for (i = 0; i < n; ++i) {
            dtemp += dx[ix] * dy[iy];
            ix += incx;
            iy += incy;
        }
    }
    return dtemp;
}
//// saxpy
//: y += a * x
void saxpy(int n, float a, const float *restrict x, float *restrict y)
{
    for (int i = 0; i < n; ++i) y[i] = a * x[i] + y[i];
}
//// saxpy_unrolled
//: sy += sa * sx
void saxpy(int n, float sa, float *sx, float *sy)
{
    int i, m;
    if (n <= 0) return;
    m = n % 4;
    for (i = 0; i < m; i++) sy[i] = sy[i] + sa * sx[i];
    for (i = m; i < n; i = i + 4) {
        sy[i] = sy[i] + sa * sx[i];
        sy[i + 1] = sy[i + 1] + sa * sx[i + 1];
        sy[i + 2] = sy[i + 2] + sa * sx[i + 2];
        sy[i + 3] = sy[i + 3] + sa * sx[i + 3];
    }
}
//// axpby
//: y = a * x + b * y
void axpby(size_t n, double a, const double *x, double b, double *y)
{
    while (n--) {
        *y = a * *x++ + b * *y;
        y++;
    }
}
//// scal
//: x = a * x
void dscal(int n, double a, double *x)
{
    for (int i = 0; i < n; i++) x[i] *= a;
}
//// copy
//: y = x
void dcopy(int n, const double *x, double *y)
{
    for (int i = 0; i < n; i++) y[i] = x[i];
}
//// swap
//! EL817 [y[i] = t] x, y: each is computed from what was in another before it changed
//? copy one of them before: t = x.copy()
/* two results, each of which is what the other was */
void dswap(int n, double *x, double *y)
{
    for (int i = 0; i < n; i++) {
        double t = x[i];
        x[i] = y[i];
        y[i] = t;
    }
}
//// asum
//! EL807 [fabs(x[i])] fabs is neither a sum nor a product
//? np.abs takes it of a whole array
double dasum(int n, const double *x)
{
    double s = 0;
    for (int i = 0; i < n; i++) s += fabs(x[i]);
    return s;
}
//// nrm2_squared
//: result = np.einsum('i,i->', x, x)
double nrm2sq(int n, const double *x)
{
    double s = 0;
    for (int i = 0; i < n; i++) s += x[i] * x[i];
    return s;
}
//// nrm2
//: s = np.einsum('i,i->', x, x)
//: result = np.sqrt(s)
double nrm2(int n, const double *x)
{
    double s = 0;
    for (int i = 0; i < n; i++) s += x[i] * x[i];
    return sqrt(s);
}
//// iamax
//! EL805 [x[i] > x[best]] what is done depends on the elements of an array
//? np.where takes one of two values by a condition
int iamax(int n, const double *x)
{
    int best = 0;
    for (int i = 1; i < n; i++)
        if (x[i] > x[best]) best = i;
    return best;
}
//// quadratic_form
//: result = np.einsum('i,ij,j->', x, A.reshape(n, n), y)
double quad(int n, const double *x, const double *A, const double *y)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            s += x[i] * A[i * n + j] * y[j];
    return s;
}
//// trace
//: result = np.einsum('ii->', a.reshape(n, n))
double trace(int n, const double *a)
{
    double t = 0.0;
    for (int i = 0; i < n; i++) t += a[i * (n + 1)];
    return t;
}
//// transpose
//: out = np.einsum('ij->ji', in_.reshape(rows, cols))
//# in_ is in
void transpose(int rows, int cols, const float *in, float *out)
{
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++)
            out[j * rows + i] = in[i * cols + j];
}
//// transpose_in_place
//! EL809 [for (int j = i + 1; j < n; j++)] the loop over j is bounded by i: the two do not cover all pairs
//? np.tril and np.triu set the rest of an array to zero
void transpose(int n, float *a)
{
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++) {
            float t = a[i * n + j];
            a[i * n + j] = a[j * n + i];
            a[j * n + i] = t;
        }
}
//// batched
//: c = np.einsum('ijk,ikl->ijl', a.reshape(B, M, K), b.reshape(B, K, N))
void bmm(int B, int M, int N, int K, const float *a, const float *b, float *c)
{
    for (int n = 0; n < B; n++) {
        const float *x = a + n * M * K;
        const float *y = &b[n * K * N];
        float *z = c + n * M * N;
        for (int i = 0; i < M; i++)
            for (int j = 0; j < N; j++) {
                float s = 0.f;
                for (int k = 0; k < K; k++) s += x[i * K + k] * y[k * N + j];
                z[i * N + j] = s;
            }
    }
}
//// column_major
//: c = np.einsum('kj,ik->ij', a.reshape(k, m), b.reshape(n, k))
void matmul(int m, int n, int k, const double *a, const double *b, double *c)
{
    for (int j = 0; j < n; j++)
        for (int i = 0; i < m; i++) {
            c[i + j * m] = 0;
            for (int l = 0; l < k; l++) c[i + j * m] += a[i + l * m] * b[l + j * k];
        }
}
//// square_strides_only
//! EL811 [c[i * n + j] = s] this is right only where n = k
//? use one of them for both, or correct where n stands for k
/* a has k columns, and is read as if it had n */
void matmul(int m, int n, int k, const double *a, const double *b, double *c)
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            double s = 0;
            for (int p = 0; p < k; p++) s += a[i * n + p] * b[p * n + j];
            c[i * n + j] = s;
        }
}
//// flags
//! EL805 [trans] where trans is 0, something else is computed than otherwise
void mv(int trans, int n, const double *a, const double *x, double *y)
{
    for (int i = 0; i < n; i++) {
        double s = 0;
        for (int j = 0; j < n; j++) {
            if (trans) s += a[j * n + i] * x[j];
            else s += a[i * n + j] * x[j];
        }
        y[i] = s;
    }
}
//// fortran_interface
//: y += alpha * np.einsum('ji,j->i', a.reshape(n, lda)[:, :m], x)
//# right where lda >= m
typedef int integer;
typedef double doublereal;
int gemv_(const integer *m, const integer *n, const doublereal *alpha, const doublereal *a, const integer *lda, const doublereal *x, doublereal *y)
{
    integer i__1, i__2, i__, j;
    i__1 = *m;
    for (i__ = 0; i__ < i__1; ++i__) {
        i__2 = *n;
        for (j = 0; j < i__2; ++j) y[i__] += *alpha * a[i__ + j * *lda] * x[j];
    }
    return 0;
}
