"""What a branch must look like and how it is elected: facts and the law in, findings out."""
