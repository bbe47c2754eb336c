package storage

const databaseKey = "database-key"
