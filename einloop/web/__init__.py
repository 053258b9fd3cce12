"""The page: questions of a browser in, what einloop knows out, as JSON. A frontend like cli/ and api/.

`answer.py` answers one question; `building.py` writes the page; `serving.py` serves it on this machine.
"""
