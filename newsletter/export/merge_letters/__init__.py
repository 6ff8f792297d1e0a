"""Letters for the mail merge of a word processor: a document with fields, and its table."""
