# einloop 'bimd,bind->bimn' --names Q,K --result S
B, I, M, D = Q.shape
B, I, N, D = K.shape
S = np.zeros((B, I, M, N))
for b in range(B):
    for i in range(I):
        for m in range(M):
            for d in range(D):
                for n in range(N):
                    S[b, i, m, n] += Q[b, i, m, d] * K[b, i, n, d]
