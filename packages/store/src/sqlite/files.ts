/** The database's file in the data directory. */
export const DATABASE_FILE = 'counterpoint.db';
