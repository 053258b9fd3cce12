# einloop 'i->i'
I = len(a)
c = np.zeros(I)
for i in range(I):
    c[i] = a[i]
