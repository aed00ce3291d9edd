"""What officers and the public bring: observed, told, worked on and answered as community matters."""
