# einloop 'i,i->'
c = 0
I = len(a)
I = len(b)
for i in range(I):
    c += a[i] * b[i]
