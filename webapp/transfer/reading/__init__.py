"""Tables in the files of others: CSV in any encoding, workbooks of Excel, vCards."""
