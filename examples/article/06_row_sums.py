# einloop 'ij->i' --result r
I, J = A.shape
r = np.zeros(I)
for i in range(I):
    for j in range(J):
        r[i] += A[i, j]
