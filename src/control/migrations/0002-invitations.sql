-- An account whose person has not chosen a password yet, or has to choose another: the link is stored hashed.
ALTER TABLE accounts ADD COLUMN invitation_hash BLOB;
ALTER TABLE accounts ADD COLUMN invitation_expires_at TEXT;
