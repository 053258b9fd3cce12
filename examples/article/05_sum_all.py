# einloop 'ij->'
c = 0
I, J = A.shape
for i in range(I):
    for j in range(J):
        c += A[i, j]
