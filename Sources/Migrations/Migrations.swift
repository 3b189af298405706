// Migrations of a PostgreSQL database as values: files in the layouts of the usual tools, their statements as
// PostgreSQL's own grammar reads them (libpg_query), the schema that they add up to, and what each does to a release that
// has run until then: a column that it reads is gone, a value that it writes is refused, rows are lost, writers wait for
// a lock. Nothing here reads a disk or asks a database. A statement that can't be read is said to be that, and never
// passed over. It knows `Documents`, which reads the parser's trees, and nothing of Mooring.
