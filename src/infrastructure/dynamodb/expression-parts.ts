import type { AttributeValue } from '@aws-sdk/client-dynamodb';

import type { StoredValue } from '../../domain/storage/stored-value.js';
import { toAttribute } from './attribute-values.js';

/** DynamoDB's limits on expressions (developer guide, "Quotas"): characters of one, operators of all in a request. */
export const EXPRESSION_CHARACTERS = 4096;
export const OPERATORS = 300;

/** Placeholders for names and values of one request; each name gets one. */
export class ExpressionParts {
  private readonly byName = new Map<string, string>();
  private readonly byValue = new Map<string, AttributeValue>();

  name(name: string): string {
    const placeholder = this.byName.get(name) ?? `#${this.byName.size.toString(36)}`;
    this.byName.set(name, placeholder);
    return placeholder;
  }

  value(value: StoredValue): string {
    const placeholder = `:${this.byValue.size.toString(36)}`;
    this.byValue.set(placeholder, toAttribute(value));
    return placeholder;
  }

  get hasValues(): boolean {
    return this.byValue.size > 0;
  }

  names(): Record<string, string> {
    return Object.fromEntries([...this.byName].map(([name, placeholder]) => [placeholder, name]));
  }

  values(): Record<string, AttributeValue> {
    return Object.fromEntries(this.byValue);
  }
}
