"""einloop in IPython and notebooks: `%einloop` and `%%einloop`. A frontend that parses as the command line does."""
