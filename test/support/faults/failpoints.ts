import { Failpoints as KitFailpoints } from '../../../src/conformance/trial/failpoints.js';

/** Failpoints at which one process dies, once. */
export class Failpoints extends KitFailpoints {
  /** `crashAt`: a position in `points`, or tells the point by its name; undefined: it lives */
  constructor(crashAt?: number | ((point: string) => boolean)) {
    super((index, point) => {
      const isHere = typeof crashAt === 'function' ? crashAt(point) : index === crashAt;
      return isHere ? 'crash' : undefined;
    });
  }
}
