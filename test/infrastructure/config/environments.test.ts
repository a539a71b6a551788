import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import {
  environmentNames,
  environmentsFolder,
} from '../../../src/infrastructure/config/environment-files.js';
import { checkTableNames, loadEnvironment } from '../../../src/infrastructure/config/environments.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-environments-'));
});
afterEach(() => {
  delete process.env['WAYBILL_ENVIRONMENTS'];
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, content: unknown): void {
  writeFileSync(
    join(folder, `${name}.json`),
    typeof content === 'string' ? content : JSON.stringify(content),
  );
}

function refusal(name: string): { code: string; exit: number; message: string; next: string } {
  try {
    loadEnvironment(name, folder);
  } catch (error) {
    return error as ReturnType<typeof refusal>;
  }
  throw new Error('it was accepted');
}

describe('the environments that come with the package', () => {
  it('A-03: are local, dev, staging and production, in this order, and the schema is none of them', () => {
    expect(environmentNames()).toEqual(['local', 'dev', 'staging', 'production']);
  });

  it('A-03, P-X18: have the suffixes, guards and defaults of the design', () => {
    const unguarded = { backup: 'advised', backupHours: 24 };
    const rest = { tables: {}, attributes: {}, segments: 4, concurrency: 256 };
    expect(environmentNames().map((name) => loadEnvironment(name))).toEqual([
      {
        name: 'local',
        title: 'Local',
        suffix: '-local',
        region: 'eu-central-1',
        embedded: true,
        seedable: true,
        production: false,
        ...unguarded,
        ...rest,
      },
      {
        name: 'dev',
        title: 'Dev',
        suffix: '-dev',
        embedded: false,
        seedable: true,
        production: false,
        ...unguarded,
        ...rest,
      },
      {
        name: 'staging',
        title: 'Staging',
        suffix: '-staging',
        embedded: false,
        seedable: false,
        production: false,
        backup: 'required',
        backupHours: 24,
        capacityShare: 0.5,
        ...rest,
      },
      {
        name: 'production',
        title: 'Production',
        suffix: '',
        embedded: false,
        seedable: false,
        production: true,
        backup: 'required',
        backupHours: 24,
        after: 'staging',
        capacityShare: 0.5,
        ...rest,
      },
    ]);
  });

  it('leave the region of dev, staging and production to the SDK', () => {
    for (const name of ['dev', 'staging', 'production'])
      expect(loadEnvironment(name)).not.toHaveProperty('region');
  });
});

describe('loadEnvironment', () => {
  it('A-03: takes test for dev, unless there is a file of that name', () => {
    expect(loadEnvironment('test')).toEqual(loadEnvironment('dev'));
    write('test', { suffix: '-t' });
    expect(loadEnvironment('test', folder)).toMatchObject({ name: 'test', suffix: '-t' });
  });

  it('refuses an unknown environment and lists the valid ones', () => {
    write('qa', {});
    write('local', {});
    expect(refusal('prod')).toMatchObject({
      code: 'ENVIRONMENT_UNKNOWN',
      exit: 2,
      message: 'Unknown environment "prod"; there are local, qa.',
    });
    // the alias leads to a file that this folder does not have
    expect(refusal('test').code).toBe('ENVIRONMENT_UNKNOWN');
  });

  it.each(['../environments/dev', '', 'environment.schema', '__proto__', 'DEV'])(
    'refuses %j as a name',
    (name) => {
      write('dev', {});
      expect(refusal(name).code).toBe('ENVIRONMENT_UNKNOWN');
    },
  );

  it('fills in safe defaults where a file says nothing', () => {
    write('qa-eu', {});
    expect(loadEnvironment('qa-eu', folder)).toEqual({
      name: 'qa-eu',
      title: 'Qa-eu',
      suffix: '-qa-eu',
      embedded: false,
      seedable: false,
      production: false,
      backup: 'advised',
      backupHours: 24,
      tables: {},
      attributes: {},
      segments: 4,
      concurrency: 256,
    });
  });

  it('finds the files in the folder that WAYBILL_ENVIRONMENTS names, also relative to the working directory', () => {
    write('qa', { suffix: '-elsewhere' });
    process.env['WAYBILL_ENVIRONMENTS'] = folder;
    expect(environmentNames()).toEqual(['qa']);
    expect(loadEnvironment('qa').suffix).toBe('-elsewhere');
    process.env['WAYBILL_ENVIRONMENTS'] = relative(process.cwd(), folder);
    expect(environmentsFolder()).toBe(folder);
    process.env['WAYBILL_ENVIRONMENTS'] = join(folder, 'none');
    expect(() => environmentNames()).toThrow(
      expect.objectContaining({ code: 'ENVIRONMENTS_MISSING', exit: 2 }),
    );
  });

  it('says which file is no JSON', () => {
    write('dev', '{ "suffix": ');
    expect(refusal('dev')).toMatchObject({
      code: 'ENVIRONMENT_INVALID',
      exit: 2,
      message: expect.stringContaining(join(folder, 'dev.json')),
    });
  });

  it.each<[unknown, string]>([
    [[], '(the whole file): found a list; valid is an object'],
    [null, '(the whole file): found null; valid is an object'],
    [
      { segmnets: 4 },
      '/segmnets: unknown key; valid are $schema, title, suffix, region, embedded, seedable, production, backup, backupHours, after, segments, concurrency, capacityShare, maxWcu, maxRcu, prices, cutover, tables, attributes',
    ],
    [{ 'a/b~c': 1 }, '/a~1b~0c: unknown key'],
    [{ cutover: 7 }, '/cutover: found 7; valid is an object of ramp, readingHours, singleWriteHours'],
    [
      { cutover: { share: 10 } },
      '/cutover/share: unknown key; valid are ramp, readingHours, singleWriteHours',
    ],
    [
      { cutover: { ramp: [50, 10, 100] } },
      '/cutover/ramp: found a list; valid is a list of whole percents that grow from 1 on and end with 100',
    ],
    [
      { cutover: { readingHours: -1 } },
      '/cutover/readingHours: found -1; valid is a whole number from 0 to 2160',
    ],
    [{ segments: 0 }, '/segments: found 0; valid is a whole number from 1 to 4096'],
    [{ segments: 4097 }, '/segments: found 4097'],
    [{ segments: 2.5 }, '/segments: found 2.5'],
    [{ segments: '4' }, '/segments: found "4"'],
    [{ segments: null }, '/segments: found null'],
    [{ concurrency: -1 }, '/concurrency: found -1; valid is a whole number from 1 to 1024'],
    [{ concurrency: 1025 }, '/concurrency: found 1025'],
    [{ capacityShare: 0 }, '/capacityShare: found 0; valid is a number above 0 and up to 1'],
    [{ capacityShare: 1.1 }, '/capacityShare: found 1.1'],
    [{ maxWcu: 0 }, '/maxWcu: found 0; valid is a whole number from 1 to 10000000'],
    [{ maxRcu: 'none' }, '/maxRcu: found "none"'],
    [{ embedded: 'yes' }, '/embedded: found "yes"; valid is true or false'],
    [{ production: 1 }, '/production: found 1; valid is true or false'],
    [{ backup: 'optional' }, '/backup: found "optional"; valid is "required" or "advised"'],
    [{ backup: true }, '/backup: found true'],
    [{ backupHours: 0 }, '/backupHours: found 0; valid is a whole number from 1 to 8760'],
    [{ backupHours: 8761 }, '/backupHours: found 8761'],
    [{ backupHours: 1.5 }, '/backupHours: found 1.5'],
    [{ after: '' }, '/after: found ""; valid is the name of another environment'],
    [{ after: ['dev'] }, '/after: found a list'],
    [{ after: 'qa' }, '/after: found "qa", which is this very environment; there are none'],
    [{ after: 'stagin' }, '/after: found "stagin", which is no environment; there are none'],
    [{ title: ' ' }, '/title: found " "; valid is a text that is not blank'],
    [{ suffix: '-a b' }, '/suffix: found "-a b"'],
    [{ region: 'EU Central' }, '/region: found "EU Central"'],
    [{ region: '' }, '/region: found ""'],
    [{ tables: [] }, '/tables: found a list; valid is an object of literal name → physical name'],
    [{ tables: { t: 'xy' } }, '/tables/t: found "xy"; valid is 3 to 255 letters'],
    [{ tables: { t: {} } }, '/tables/t: found an object'],
    [
      { tables: { one: 'same', two: 'same' } },
      '/tables/two: "same" is already the name of "one"; two tables would be one',
    ],
    [
      { attributes: { t: 'x' } },
      '/attributes/t: found "x"; valid is an object of document attribute → stored attribute',
    ],
    [{ attributes: 'x' }, '/attributes: found "x"'],
    [{ attributes: { t: { value: { S: 'x' } } } }, '/attributes/t/value: found an object'],
    [{ attributes: { t: { value: '' } } }, '/attributes/t/value: found ""'],
    [{ attributes: { t: { '': 'x' } } }, '/attributes/t/: found ""'],
    [{ attributes: { t: { value: '_migration' } } }, '/attributes/t/value: found "_migration"'],
    [
      { attributes: { t: { legacyAttributes: 'x' } } },
      '/attributes/t/legacyAttributes: found "legacyAttributes"',
    ],
    [
      { attributes: { t: { a: 'x', b: 'x' } } },
      '/attributes/t/b: "x" is already the name of "a"; two attributes would be one',
    ],
    [{ seedable: true }, '/seedable: found true; demo data is for local and dev only'],
    [{ production: true, embedded: true }, '/embedded: found true'],
  ])('refuses %j', (content, expected) => {
    write('qa', content);
    const { code, exit, message } = refusal('qa');
    expect({ code, exit }).toEqual({ code: 'ENVIRONMENT_INVALID', exit: 2 });
    expect(message).toContain(`${join(folder, 'qa.json')} is not valid:\n  ${expected}`);
  });

  it('tells every fault at once', () => {
    write('qa', { segments: 0, nonsense: true, tables: { t: 1 } });
    expect(refusal('qa').message.split('\n')).toHaveLength(4);
  });

  it('A-04: refuses a production file that takes the guard of production away', () => {
    write('production', { suffix: '' });
    expect(refusal('production').message).toContain('/production: found nothing');
    write('production', { suffix: '', production: false });
    expect(refusal('production').message).toContain('/production: found false');
    write('production', { production: true, seedable: true });
    expect(refusal('production').message).toContain('/seedable: found true');
  });

  describe('K-05: the backup of an environment', () => {
    it.each([
      ['staging', {}, 'required'],
      ['dev', {}, 'advised'],
      ['dev', { backup: 'required' }, 'required'],
      ['us', { production: true, after: 'qa' }, 'required'],
    ])('in %s, where the file says %j, is %s', (name, content, backup) => {
      write('qa', {});
      write(name, content);
      expect(loadEnvironment(name, folder)).toMatchObject({ backup, backupHours: 24 });
    });

    it.each([
      ['staging', {}],
      ['production', { production: true, after: 'qa' }],
      ['us', { production: true, after: 'qa' }],
    ])('is a condition in %s that no file takes away', (name, content) => {
      write('qa', {});
      write(name, { ...content, backup: 'advised' });
      expect(refusal(name).message).toContain('/backup: found "advised"; in staging and production valid is');
    });

    it('may be as old as the file says', () => {
      write('dev', { backupHours: 8760 });
      expect(loadEnvironment('dev', folder).backupHours).toBe(8760);
    });
  });

  describe('the environment before', () => {
    it('of a production environment is staging, unless another one is named', () => {
      write('staging', {});
      write('qa', {});
      write('production', { production: true });
      write('us', { production: true, after: 'qa' });
      expect(loadEnvironment('production', folder).after).toBe('staging');
      expect(loadEnvironment('us', folder).after).toBe('qa');
    });

    it('is none for others, unless one is named', () => {
      write('staging', {});
      write('qa', { after: 'staging' });
      expect(loadEnvironment('staging', folder)).not.toHaveProperty('after');
      expect(loadEnvironment('qa', folder).after).toBe('staging');
    });

    it('is never missing for a production environment, whatever its name', () => {
      write('qa', {});
      write('production', { production: true });
      expect(refusal('production').message).toContain(
        '/after: found nothing; with "production": true valid is the environment before it: qa',
      );
      rmSync(join(folder, 'qa.json'));
      expect(refusal('production').message).toContain('valid is the environment before it: none');
      write('staging', { production: true });
      expect(refusal('staging').message).toContain('/after: found nothing');
    });

    it('is another one that has a file', () => {
      write('staging', {});
      write('production', { production: true, after: 'production' });
      expect(refusal('production').message).toContain(
        '/after: found "production", which is this very environment; there are staging',
      );
      write('production', { production: true, after: 'stage' });
      expect(refusal('production').message).toContain('/after: found "stage", which is no environment');
    });
  });

  it('K-X27: keeps aliases as they are written, a swap of two names and strange names included', () => {
    write(
      'qa',
      '{"attributes": {"t": {"a": "b", "b": "a", "__proto__": "p", "x y": "\\u0000"}}, "tables": {"__proto__": "abc"}}',
    );
    const { attributes, tables } = loadEnvironment('qa', folder);
    expect(Object.entries(attributes['t']!)).toEqual([
      ['a', 'b'],
      ['b', 'a'],
      ['__proto__', 'p'],
      ['x y', '\u0000'],
    ]);
    expect(Object.entries(tables)).toEqual([['__proto__', 'abc']]);
  });
});

describe('checkTableNames', () => {
  const literal = ['old-links', 'new-links'];

  it('accepts what fits the plans', () => {
    write('qa', { tables: { 'new-links': 'links-v2' }, attributes: { 'old-links': { a: 'b' } } });
    expect(() => checkTableNames(loadEnvironment('qa', folder), literal)).not.toThrow();
  });

  it.each<[unknown, string]>([
    [
      { tables: { links: 'links-v2' } },
      '/tables/links: no plan has this table; valid are old-links, new-links',
    ],
    [{ attributes: { links: { a: 'b' } } }, '/attributes/links: no plan has this table'],
    [
      { tables: { 'new-links': 'old-links-qa' } },
      '/tables: old-links and new-links would both be the table old-links-qa',
    ],
  ])('refuses %j', (content, expected) => {
    write('qa', content);
    expect(() => checkTableNames(loadEnvironment('qa', folder), literal)).toThrow(
      expect.objectContaining({
        code: 'ENVIRONMENT_INVALID',
        exit: 2,
        message: expect.stringContaining(expected),
      }),
    );
  });
});
