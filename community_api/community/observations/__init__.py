"""What officers saw or heard: recorded, read, supplemented, withdrawn."""
