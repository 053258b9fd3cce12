for i in range(n):
    for j in range(m):
        s = 0.0
        for k in range(d):
            s += Q[i][k] * K[j][k]
        S[i][j] = s / math.sqrt(d)
