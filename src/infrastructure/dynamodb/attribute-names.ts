import { UsageError } from '../../runner/ports/errors.js';

/** Marks, in the document's names, a stored attribute whose own name an alias has taken. */
const STORED_MARK = 'stored:';
/** Marks, in stored names, an attribute of the document whose own name an alias has taken. */
const DOCUMENT_MARK = 'document:';

/**
 * Attribute names of one table between the document and the store: a one-to-one map of all names, both ways.
 *
 * With the alias `value` → `readingValue`, the document's `value` is stored as `readingValue`. Two names are then in
 * nobody's use, and what turns up under them must neither clash nor get lost:
 * - an attribute that is stored as `value` is not the document's `value`: it is given back as `stored:value`;
 * - an attribute that the document calls `readingValue` is stored as `document:readingValue`.
 *
 * So that this stays one-to-one, a name that already is such a marked name gets one more mark. Aliases that use a mark
 * themselves, and two aliases for one stored name, are refused. All other names are the same on both sides.
 */
export class AttributeNames {
  private readonly stored: ReadonlyMap<string, string>;
  private readonly document: ReadonlyMap<string, string>;

  constructor(table: string, aliases: Readonly<Record<string, string>>) {
    const entries = Object.entries(aliases).filter(([document, stored]) => document !== stored);
    this.stored = new Map(entries);
    this.document = new Map(entries.map(([document, stored]) => [stored, document]));
    if (this.document.size < this.stored.size) throw ambiguous(table, 'two attributes have one stored name');
    for (const name of entries.flat()) {
      if (name.startsWith(STORED_MARK) || name.startsWith(DOCUMENT_MARK)) {
        throw ambiguous(table, `${name} begins with a reserved mark`);
      }
    }
  }

  /** No alias: every name is the same on both sides. */
  get isIdentity(): boolean {
    return this.stored.size === 0;
  }

  toStored(name: string): string {
    const alias = this.stored.get(name);
    if (alias !== undefined) return alias;
    if (name.startsWith(STORED_MARK) && this.isTakenFromStore(name)) return name.slice(STORED_MARK.length);
    return this.isTakenFromDocument(name) ? DOCUMENT_MARK + name : name;
  }

  toDocument(name: string): string {
    const document = this.document.get(name);
    if (document !== undefined) return document;
    if (name.startsWith(DOCUMENT_MARK) && this.isTakenFromDocument(name))
      return name.slice(DOCUMENT_MARK.length);
    return this.isTakenFromStore(name) ? STORED_MARK + name : name;
  }

  /** Whether an attribute of the document is hidden by an alias that stores another one under its name. */
  hides(documentName: string): boolean {
    return this.document.has(documentName) && !this.stored.has(documentName);
  }

  /** A stored name, marked or not, whose plain form means something else in the document. */
  private isTakenFromStore(name: string): boolean {
    const plain = unmarked(name, STORED_MARK);
    return this.stored.has(plain) && !this.document.has(plain);
  }

  private isTakenFromDocument(name: string): boolean {
    return this.hides(unmarked(name, DOCUMENT_MARK));
  }
}

function unmarked(name: string, mark: string): string {
  let plain = name;
  while (plain.startsWith(mark)) plain = plain.slice(mark.length);
  return plain;
}

function ambiguous(table: string, why: string): UsageError {
  return new UsageError(
    'CONFIG_INVALID',
    `The attribute aliases of ${table} are ambiguous: ${why}.`,
    'Correct `attributes` in the environment file.',
  );
}
