//// column
//: y = A.reshape(n, m)[:, k]
//# right where m >= k + 1
//# right where k >= 0
void column(const double *A, double *y, int n, int m, int k) { for (int i = 0; i < n; i++) y[i] = A[i*m + k]; }
//// row
//: y = 2 * A[n*r:n*r + n]
//# right where r >= 0
void row(const double *A, double *y, int n, int r) { for (int j = 0; j < n; j++) y[j] = 2 * A[r*n + j]; }
//// rank1_from
//: A[n*k + n:n*n].reshape(n - k - 1, n)[:, k + 1:] -= np.einsum('i,j->ij', A[n*k + n:n*n].reshape(n - k - 1, n)[:, k], A[n*k + k + 1:n*k + n])
//# right where n >= k + 1
//# right where n >= k + 1
//# right where k >= 0
void schur(double *A, int n, int k) { for (int i = k+1; i < n; i++) for (int j = k+1; j < n; j++) A[i*n+j] -= A[i*n+k]*A[k*n+j]; }
//// between
//: y[lo:] = 3 * x[lo:]
//# right where lo >= 0
void between(const double *x, double *y, int lo, int hi) { for (int i = lo; i < hi; i++) y[i] = 3 * x[i]; }
//// channel
//: o = im[h*w*c:h*w*c + h*w]
//# right where c >= 0
void channel(const float *im, float *o, int h, int w, int c) { for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) o[y*w+x] = im[c*h*w + y*w + x]; }
//// channel_last
//: o = im.reshape(h*w, C)[:, c]
//# right where C >= c + 1
//# right where c >= 0
void channel_last(const float *im, float *o, int h, int w, int C, int c) { for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) o[y*w+x] = im[(y*w + x)*C + c]; }
//// crop
//: o = im.reshape(h + y0, W)[y0:, x0:w + x0]
//# right where W >= w + x0
//# right where x0 >= 0
//# right where y0 >= 0
void crop(const float *im, float *o, int h, int w, int W, int y0, int x0) { for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) o[y*w+x] = im[(y+y0)*W + x+x0]; }
//// paste
//: im.reshape(h + y0, W)[y0:, x0:w + x0] += o.reshape(h, w)
//# right where W >= w + x0
//# right where x0 >= 0
//# right where y0 >= 0
void paste(float *im, const float *o, int h, int w, int W, int y0, int x0) { for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) im[(y+y0)*W + x+x0] += o[y*w+x]; }
//// axpy_off
//: y[yoff:n + yoff] += a * x[xoff:n + xoff]
//# right where xoff >= 0
//# right where yoff >= 0
void axpy_off(int n, double a, const double *x, int xoff, double *y, int yoff) { for (int i = 0; i < n; i++) y[yoff+i] += a*x[xoff+i]; }
//// row_axpy
//: A[n*q:n*q + n] -= f * A[n*p:n*p + n]
//# right where p >= 0
//# right where q >= 0
void row_axpy(double *A, int n, int p, int q, double f) { for (int j = 0; j < n; j++) A[q*n+j] -= f*A[p*n+j]; }
//// row_scale_2d
//: A[r] = f * A[r]
//# right where n >= r + 1
//# right where r >= 0
void row_scale(int n, int m, double A[n][m], int r, double f) { for (int j = 0; j < m; j++) A[r][j] *= f; }
//// col_dot_2d
//: result = np.einsum('i,i->', A[:, p], A[:, q])
//# right where m >= p + 1
//# right where m >= q + 1
//# right where p >= 0
//# right where q >= 0
double col_dot(int n, int m, double A[n][m], int p, int q) { double s = 0; for (int i = 0; i < n; i++) s += A[i][p]*A[i][q]; return s; }
//// gemm_offsets
//: C.reshape(m, ldc)[:, c0:n + c0] += np.einsum('il,lj->ij', A.reshape(m, lda)[:, a0:k + a0], B.reshape(k, ldb)[:, b0:n + b0])
//# right where lda >= k + a0
//# right where ldb >= n + b0
//# right where ldc >= n + c0
//# right where a0 >= 0
//# right where b0 >= 0
//# right where c0 >= 0
void gemm_off(int m, int n, int k, const double *A, int a0, int lda, const double *B, int b0, int ldb, double *C, int c0, int ldc) { for (int i = 0; i < m; i++) for (int j = 0; j < n; j++) for (int l = 0; l < k; l++) C[c0 + i*ldc + j] += A[a0 + i*lda + l] * B[b0 + l*ldb + j]; }
//// flip_h
//: o = im.reshape(h, w)[:, ::-1]
void flip(const float *im, float *o, int h, int w) { for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) o[y*w + w-1-x] = im[y*w + x]; }
//// flip_v
//: o = im.reshape(h, w)[::-1]
void flipv(const float *im, float *o, int h, int w) { for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) o[(h-1-y)*w + x] = im[y*w + x]; }
//// rot180
//: o = im[::-1]
void rot180(const float *im, float *o, int h, int w) { for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) o[(h-1-y)*w + w-1-x] = im[y*w + x]; }
//// rot90
//: o = np.einsum('yx->xy', im.reshape(h, w)[::-1])
void rot90(const float *im, float *o, int h, int w) { for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) o[x*h + (h-1-y)] = im[y*w + x]; }
//// polyphase
//: y = np.einsum('k,ik->i', h, x.reshape(n, L)[:, ::-1])
void poly(const double *x, const double *h, double *y, int n, int L) { for (int i = 0; i < n; i++) { const double *p = x + (i+1)*L - 1; double s = 0; for (int k = 0; k < L; k++) s += h[k] * *p--; y[i] = s; } }
//// concat
//: o.reshape(n, p + q)[:, :p] = a.reshape(n, p)
//: o.reshape(n, p + q)[:, p:] = b.reshape(n, q)
void concat(const float *a, const float *b, float *o, int n, int p, int q) { for (int i = 0; i < n; i++) { for (int j = 0; j < p; j++) o[i*(p+q)+j] = a[i*p+j]; for (int j = 0; j < q; j++) o[i*(p+q)+p+j] = b[i*q+j]; } }
//// split
//: a = o.reshape(n, p + q)[:, :p]
//: b = o.reshape(n, p + q)[:, p:]
void split(float *a, float *b, const float *o, int n, int p, int q) { for (int i = 0; i < n; i++) { for (int j = 0; j < p; j++) a[i*p+j] = o[i*(p+q)+j]; for (int j = 0; j < q; j++) b[i*q+j] = o[i*(p+q)+p+j]; } }
//// reverse_rows_add
//: y.reshape(n, m)[...] += x.reshape(n, m)[:, ::-1]
void rra(const double *x, double *y, int n, int m) { for (int i = 0; i < n; i++) for (int j = m-1; j >= 0; j--) y[i*m + j] += x[i*m + (m-1-j)]; }
//// window_of_row
//: result = np.einsum('j,j->', A[n*r + c:][:len], w)
//# right where c >= 0
//# right where n >= 0
//# right where r >= 0
double wrow(const double *A, const double *w, int n, int r, int c, int len) { double s = 0; for (int j = 0; j < len; j++) s += A[r*n + c + j]*w[j]; return s; }
//// tail_from
//: x[k:] = 0
//# right where k >= 0
void tail(double *x, int n, int k) { for (int i = k; i < n; i++) x[i] = 0; }
//// head_to
//: x[:n - k] = y[k:]
//# right where n >= k
//# right where k >= 0
void head(double *x, const double *y, int n, int k) { for (int i = 0; i < n - k; i++) x[i] = y[i + k]; }
//// diag_off
//: result = np.einsum('i->', A[k:n*n - n*k:n + 1])
//# right where n*n >= n*k
//# right where k >= 0
double doff(const double *A, int n, int k) { double s = 0; for (int i = 0; i < n - k; i++) s += A[i*n + i + k]; return s; }
//// unsigned_off
//: x[off:n + off] = a * x[off:n + off]
void uo(float *x, unsigned n, unsigned off, float a) { for (unsigned i = 0; i < n; i++) x[off + i] *= a; }
//// house
//: w[k:] = np.einsum('i,ij->j', v[k:], A.reshape(m, n)[k:, k:])
//# right where k >= 0
void house(double *A, const double *v, double *w, int m, int n, int k) { for (int j = k; j < n; j++) { double s = 0; for (int i = k; i < m; i++) s += v[i]*A[i*n+j]; w[j] = s; } }
//// kv_cache
//: att = np.einsum('i,ti->t', q, kc.reshape(layer*seq + T, d)[layer*seq:])
//# right where layer >= 0
//# right where seq >= 0
void kv(float *att, const float *q, const float *kc, int layer, int T, int d, int seq) { for (int t = 0; t < T; t++) { float s = 0; for (int i = 0; i < d; i++) s += q[i]*kc[layer*seq*d + t*d + i]; att[t] = s; } }
//// first_kept_last
//: z[0] = y[1] + 8 * y[p - 1]
//# right where p is not 0
void c97a(const double *y, double *z, int p) { for (int i = 0; i < p; i++) z[0] = y[1] + 8*y[i]; }
//// set_in_each_turn
//: z[0] = y[1] * y[m - 1] * x[0]
//# right where m is not 0
void c97b(double *z, const double *y, const double *x, int m) { for (int i = 0; i < m; i++) { z[0] = 0; z[0] = y[1] * y[i] * x[0] + z[0]; } }
//// vector_of_a_header
//: Y_data[:X_size*Y_stride - Y_stride + 1:Y_stride] += alpha * X_data[:X_size*X_stride - X_stride + 1:X_stride]
//# right where X_stride >= 1
//# right where Y_stride >= 1
//# gsl_vector is taken to be a struct with int size; double *data; int stride;
//# X_size is X->size
//# Y_data is Y->data
//# Y_stride is Y->stride
//# X_data is X->data
//# X_stride is X->stride
int gsl_axpy(double alpha, const gsl_vector *X, gsl_vector *Y) { size_t i; for (i = 0; i < X->size; i++) Y->data[i * Y->stride] += alpha * X->data[i * X->stride]; return 0; }
//// matrix_of_a_header
//: c_data.reshape(a_rows, c_cols)[:, :b_cols] = np.einsum('ij,jk->ik', a_data.reshape(a_rows, a_cols), b_data.reshape(a_cols, b_cols))
//# right where c_cols >= b_cols
//# Mat is taken to be a struct with int rows; int cols; double *data;
//# a_rows is a.rows
//# b_cols is b.cols
//# a_cols is a.cols
//# a_data is a.data
//# b_data is b.data
//# c_data is c.data
//# c_cols is c.cols
void mul(Mat a, Mat b, Mat c) { for (int i = 0; i < a.rows; i++) for (int j = 0; j < b.cols; j++) { float s = 0; for (int k = 0; k < a.cols; k++) s += a.data[i*a.cols + k] * b.data[k*b.cols + j]; c.data[i*c.cols + j] = s; } }
//// numbers_of_a_header
//: y = l_gain * x + l_bias
//# layer is taken to be a struct with double gain; double *bias;
//# l_gain is l->gain
//# l_bias is l->bias
void sc(const layer *l, float *y, const float *x, int n) { for (int i = 0; i < n; i++) y[i] = l->gain * x[i] + l->bias[i]; }
//// mean_of_blocks
//: out = np.einsum('ijkl->ik', in_.reshape(n*rows, b, cols, b)) / (b*b)
//# right where b is not 0
//# in_ is in
void mean_of_blocks(const float *in, float *out, int n, int rows, int cols, int b)
{
    for (int i = 0; i < n; i++)
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < cols; c++) {
                float s = 0;
                for (int u = 0; u < b; u++)
                    for (int v = 0; v < b; v++) s += in[((i*rows + r)*b + u)*cols*b + c*b + v];
                out[(i*rows + r)*cols + c] = s / (b*b);
            }
}
//// step_that_is_given
//! EL811 [i += step] i goes up by step: how many steps that takes is no simple function of the lengths
//? cut the array with it, as x[::step] does, and loop over that one by one
double step_that_is_given(const double *x, int n, int step)
{
    double s = 0;
    for (int i = 0; i < n; i += step) s += x[i];
    return s;
}
