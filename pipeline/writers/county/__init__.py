"""What a county gets back: its workbook and its folder."""
