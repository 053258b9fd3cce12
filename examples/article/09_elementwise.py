# einloop 'i,i->i'
I = len(a)
I = len(b)
c = np.zeros(I)
for i in range(I):
    c[i] = a[i] * b[i]
