import { resolve } from 'node:path';
import type { UserDirectory } from '../../domain/core-table/user-directory.js';
import { CognitoUserDirectory } from '../../infrastructure/directory/cognito-user-directory.js';
import { FileUserDirectory } from '../../infrastructure/directory/file-user-directory.js';
import type { Directory } from '../../migrations/core-table/core-table.options.js';

/** The directory that an environment names for plan `core-table`. Nothing is opened before somebody asks it. */
export function userDirectory(directory: Directory): UserDirectory {
  if (directory.kind === 'file') return new FileUserDirectory(resolve(directory.path));
  const { userPoolId, region } = directory;
  return new CognitoUserDirectory({ userPoolId, ...(region === undefined ? {} : { region }) });
}
