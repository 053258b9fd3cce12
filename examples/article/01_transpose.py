# einloop 'ij->ji'
I, J = A.shape
C = np.zeros((J, I))
for i in range(I):
    for j in range(J):
        C[j, i] = A[i, j]
