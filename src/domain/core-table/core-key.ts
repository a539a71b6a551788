/** What precedes an id in the keys of CoreTable. */
export const PREFIX = { server: 'SERVER#', user: 'USER#' } as const;

/** The sort key of a server's and of a user's own item. */
export const METADATA = 'METADATA';
