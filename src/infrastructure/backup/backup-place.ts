/** What became of an object that was written. */
export interface WrittenObject {
  /** as S3 has it; in a folder the MD5 in hex, which is what S3 has for objects in one part */
  readonly etag: string;
}

/** Where one backup's files are: a folder or a part of a bucket. Names are relative and use `/`. */
export interface BackupPlace {
  /** as people write it */
  readonly location: string;
  /** what manifests say of it: the bucket, and the beginning of all keys, either empty or ending in `/` */
  readonly bucket: string | null;
  readonly keyPrefix: string;
  isEmpty(): Promise<boolean>;
  /** Writes a small object. With `exclusive` an object of that name is never replaced: throws `BACKUP_EXISTS`. */
  put(name: string, content: Buffer, options?: { readonly exclusive: boolean }): Promise<WrittenObject>;
  /** Writes an object as it comes, in bounded memory. */
  write(name: string, content: AsyncIterable<Uint8Array>): Promise<WrittenObject>;
  /** Throws {@link MissingObject}. */
  read(name: string, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** Makes what was written so far survive a loss of power, where the place does not see to that itself. */
  flush(): Promise<void>;
  /** Removes what this object wrote, as far as that is possible. */
  discard(): Promise<void>;
  close(): void;
}

export class MissingObject extends Error {
  constructor(
    readonly object: string,
    options?: ErrorOptions,
  ) {
    super(`${object} is missing`, options);
    this.name = 'MissingObject';
  }
}
