# einloop 'ab->ba'
n_a, n_b = A.shape
C = np.zeros((n_b, n_a))
for a in range(n_a):
    for b in range(n_b):
        C[b, a] = A[a, b]
