# einloop 'ij->j' --result r
I, J = A.shape
r = np.zeros(J)
for i in range(I):
    for j in range(J):
        r[j] += A[i, j]
