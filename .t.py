
from einloop.lifting import lift
from einloop.core.source import Notation
from einloop.core.options import Options
from einloop.pipeline.show import generate
from einloop.pipeline.statements import bind_combination
import sys
def show(text, ranks=None, notation=Notation.NUMPY, **o):
    st = lift(text, notation, ranks or {})
    return generate(bind_combination(st.combinations[0], Options(**o)), Options(**o))
if __name__=="__main__":
  for t,r in [("D = 2*A@B - C",{"A":2,"B":2,"C":2}),("D = A@B + C",{"A":2,"B":2,"C":2}),("D += A@B/3",{"A":2,"B":2,"D":2}),("C = alpha*A@B + beta*C",{"A":2,"B":2,"C":2,"alpha":0,"beta":0}),("x = x + dt*A@x",{"x":1,"A":2,"dt":0}),("x = 2*x*x - A@x",{"x":1,"A":2}),("D = A+3",{"A":2}),("s += x@y - 2*z.sum()",{"x":1,"y":1,"z":1,"s":0}),("d = A@b + c",{"A":2,"b":1,"c":1}),("d = A@b - A@c + 1",{"A":2,"b":1,"c":1})]:
    for o in ({},dict(style="scalar"),dict(style="lists"),dict(function="f"),dict(style="fast"))[:int(sys.argv[1]) if len(sys.argv)>1 else 9]:
        try: print("##",t,o); print(show(t,r,**o))
        except ValueError as e: print("ERR",e)
