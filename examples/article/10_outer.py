# einloop 'i,j->ij'
I = len(a)
J = len(b)
C = np.zeros((I, J))
for i in range(I):
    for j in range(J):
        C[i, j] = a[i] * b[j]
