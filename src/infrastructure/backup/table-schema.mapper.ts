import type {
  AttributeDefinition,
  CreateTableCommandInput,
  GlobalSecondaryIndexDescription,
  KeySchemaElement,
  LocalSecondaryIndexDescription,
  TableDescription,
} from '@aws-sdk/client-dynamodb';

import type { IndexSchema, KeyElement, TableSchema } from '../../runner/ports/backup-archive.js';

type IndexDescription = GlobalSecondaryIndexDescription | LocalSecondaryIndexDescription;

/** Keys and indexes of a table as DynamoDB describes it. */
export function schemaOf(table: TableDescription): TableSchema {
  return {
    keys: keysOf(table.KeySchema),
    attributes: (table.AttributeDefinitions ?? []).map(({ AttributeName, AttributeType }) => ({
      name: AttributeName ?? '',
      type: AttributeType as 'S' | 'N' | 'B',
    })),
    indexes: [
      ...(table.GlobalSecondaryIndexes ?? []).map((index) => indexOf(index, 'global')),
      ...(table.LocalSecondaryIndexes ?? []).map((index) => indexOf(index, 'local')),
    ],
  };
}

/** Creates a table of this schema on demand: capacity is no part of a backup. */
export function createInput(
  physicalName: string,
  schema: TableSchema,
  deletionProtection: boolean,
): CreateTableCommandInput {
  const [global, local] = [indexesOf(schema, 'global'), indexesOf(schema, 'local')];
  return {
    TableName: physicalName,
    BillingMode: 'PAY_PER_REQUEST',
    DeletionProtectionEnabled: deletionProtection,
    AttributeDefinitions: schema.attributes.map(({ name, type }): AttributeDefinition => ({
      AttributeName: name,
      AttributeType: type,
    })),
    KeySchema: keySchema(schema.keys),
    // empty lists are refused
    ...(global.length === 0 ? {} : { GlobalSecondaryIndexes: global }),
    ...(local.length === 0 ? {} : { LocalSecondaryIndexes: local }),
  };
}

function indexOf(index: IndexDescription, kind: IndexSchema['kind']): IndexSchema {
  const { ProjectionType, NonKeyAttributes } = index.Projection ?? {};
  return {
    name: index.IndexName ?? '',
    kind,
    keys: keysOf(index.KeySchema),
    projection: ProjectionType ?? 'ALL',
    ...(NonKeyAttributes === undefined ? {} : { include: NonKeyAttributes }),
  };
}

function indexesOf(schema: TableSchema, kind: IndexSchema['kind']) {
  return schema.indexes
    .filter((index) => index.kind === kind)
    .map(({ name, keys, projection, include }) => ({
      IndexName: name,
      KeySchema: keySchema(keys),
      Projection: {
        ProjectionType: projection,
        ...(include === undefined ? {} : { NonKeyAttributes: [...include] }),
      },
    }));
}

function keysOf(schema: readonly KeySchemaElement[] | undefined): KeyElement[] {
  return (schema ?? []).map(({ AttributeName, KeyType }) => ({
    name: AttributeName ?? '',
    role: KeyType as 'HASH' | 'RANGE',
  }));
}

function keySchema(keys: readonly KeyElement[]): KeySchemaElement[] {
  return keys.map(({ name, role }) => ({ AttributeName: name, KeyType: role }));
}
