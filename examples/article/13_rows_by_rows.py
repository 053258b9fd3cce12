# einloop 'md,nd->mn'
M, D = A.shape
N, D = B.shape
C = np.zeros((M, N))
for m in range(M):
    for d in range(D):
        for n in range(N):
            C[m, n] += A[m, d] * B[n, d]
