# einloop 'i,j,k->ijk'
I = len(a)
J = len(b)
K = len(c)
D = np.zeros((I, J, K))
for i in range(I):
    for j in range(J):
        for k in range(K):
            D[i, j, k] = a[i] * b[j] * c[k]
