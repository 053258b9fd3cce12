# einloop 'i,j,k->ki'
I = len(a)
J = len(b)
K = len(c)
D = np.zeros((K, I))
for i in range(I):
    for j in range(J):
        for k in range(K):
            D[k, i] += a[i] * b[j] * c[k]
