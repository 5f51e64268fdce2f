// Look again how far the import is.
setTimeout(() => location.reload(), 2000);
