/**
 * The IAM actions of what the adapters send (service authorization reference of Amazon DynamoDB and of Amazon S3). A batch
 * of PartiQL statements needs the action of each statement; a transaction that of each of its parts. A test compares these
 * lists with the commands in the source, so that neither changes alone.
 */

/** Of tables that are only read: scans and reads by key for rows and look-ups, descriptions for preflight. */
export const READ = [
  'dynamodb:BatchGetItem',
  'dynamodb:DescribeContinuousBackups',
  'dynamodb:DescribeTable',
  'dynamodb:GetItem',
  'dynamodb:Scan',
];

/** Of tables that are asked as the application asks them, and of their indexes. */
export const ASK = ['dynamodb:Query'];

/** INSERT is insert-if-absent by itself: this action can't overwrite a row. */
export const INSERT = ['dynamodb:PartiQLInsert'];

/**
 * Of target tables. Replacing a row that the engine wrote is an `UpdateItem` on condition of the whole row; the PartiQL
 * select and update are the same rights in the other notation.
 */
export const TARGET = [...INSERT, 'dynamodb:PartiQLSelect', 'dynamodb:PartiQLUpdate', 'dynamodb:UpdateItem'];

/** A put on condition that there is no row: IAM can't tell it from one that overwrites. */
export const FALLBACK = ['dynamodb:PutItem'];

/**
 * A delete on condition of the whole row. No condition sees an attribute that somebody adds at that moment: such a row is
 * put back, also one whose INSERT is too long, and that must not fail for want of a right.
 */
export const ROLLBACK = ['dynamodb:DeleteItem', ...FALLBACK];

export const JOURNAL = [
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:DescribeTable',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
];

/** Of another environment's journal, for its evidence. */
export const JOURNAL_READ = ['dynamodb:GetItem', 'dynamodb:Query'];

export const TABLES = ['dynamodb:CreateTable', 'dynamodb:DescribeTable'];

/** Everything that changes rows or takes the table away. */
export const WRITES = [
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:DeleteTable',
  'dynamodb:PartiQLDelete',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
];

/** Of the tables that are backed up. */
export const BACKUP = [
  'dynamodb:BatchGetItem',
  'dynamodb:CreateBackup',
  'dynamodb:DescribeTable',
  'dynamodb:ExportTableToPointInTime',
  'dynamodb:Scan',
];

/** Rows that are absent are loaded into tables that are new or empty. */
export const LOAD = ['dynamodb:BatchGetItem', 'dynamodb:Scan', ...TABLES, ...INSERT, ...FALLBACK];

/** Of the tables of a drill. */
export const SCRATCH = [...LOAD, 'dynamodb:DeleteTable'];

/** A backup's folder in S3. An export of AWS's own writes with the rights of its caller. */
export const BACKUP_OBJECTS = [
  's3:AbortMultipartUpload',
  's3:DeleteObject',
  's3:GetObject',
  's3:PutObject',
  's3:PutObjectAcl',
];

/** Tables beside the plan's: what the store says of them, and none of their rows. */
export const DESCRIBE = ['dynamodb:DescribeTable'];
