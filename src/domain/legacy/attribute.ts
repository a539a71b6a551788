import { ValidatorConstraint, getMetadataStorage, registerDecorator } from 'class-validator';
import type { ValidatorConstraintInterface } from 'class-validator';
import { AttributeProblem } from './record-problem.js';

/**
 * How an attribute is read, and as what:
 * `identifier` Guid, neither blank nor nil · `reference` text, canonical where it is a GUID, blank is absent ·
 * `user` a reference that should be a GUID · `recorder` text as stored, blank is absent · `text` text as stored ·
 * `number` ExactNumber, from N or numeric text · `flag` boolean · `moment` Instant or LocalDate.
 */
export type AttributeKind =
  'identifier' | 'reference' | 'user' | 'recorder' | 'text' | 'number' | 'flag' | 'moment';

/** How one attribute of a legacy table is read. */
export interface AttributeDeclaration {
  readonly name: string;
  readonly kind: AttributeKind;
  readonly required: boolean;
}

const DECLARED = new WeakMap<object, AttributeDeclaration[]>();

/** A property is fine unless its conversion left a problem there. */
@ValidatorConstraint({ name: 'converted', async: false })
class IsConverted implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return !(value instanceof AttributeProblem);
  }

  defaultMessage(): string {
    return 'the stored attribute could not be converted';
  }
}

/**
 * Declares a property of a legacy record as the attribute of the same name: how it is converted, and for
 * class-validator that it must have been. The order of declarations is the order in which problems count.
 */
export function Attribute(kind: AttributeKind, presence: 'required' | 'optional'): PropertyDecorator {
  return (target, property) => {
    if (typeof property !== 'string') throw new TypeError('attributes have names');
    const declared = DECLARED.get(target.constructor) ?? [];
    declared.push({ name: property, kind, required: presence === 'required' });
    DECLARED.set(target.constructor, declared);
    registerDecorator({ target: target.constructor, propertyName: property, validator: IsConverted });
  };
}

/** The attributes of a record class in declared order. */
export interface RecordSchema {
  readonly attributes: readonly AttributeDeclaration[];
  readonly names: ReadonlySet<string>;
}

const SCHEMAS = new WeakMap<object, RecordSchema>();

/**
 * The schema of a record class. Throws TypeError for a class without attributes, or with other class-validator
 * decorators: validation runs only on records whose conversion failed, which would leave those out.
 */
export function schemaOf(recordClass: abstract new () => unknown): RecordSchema {
  const known = SCHEMAS.get(recordClass);
  if (known !== undefined) return known;
  const attributes = DECLARED.get(recordClass) ?? [];
  const constraints = getMetadataStorage().getTargetValidationMetadatas(recordClass, '', false, false);
  if (attributes.length === 0 || constraints.length !== attributes.length) {
    throw new TypeError('a legacy record is declared with @Attribute, and with nothing else');
  }
  const schema = { attributes, names: new Set(attributes.map(({ name }) => name)) };
  SCHEMAS.set(recordClass, schema);
  return schema;
}
