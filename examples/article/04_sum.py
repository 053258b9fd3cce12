# einloop 'i->'
c = 0
I = len(a)
for i in range(I):
    c += a[i]
