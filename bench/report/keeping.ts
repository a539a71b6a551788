import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newestFigures, resultsMarkdown } from './figures-table.js';
import { withResults } from './readme.js';
import { merged, type FigureResult, type ResultsFile } from './result.js';

/** The folder of results: one JSON file per day and server, plots and logs beside it. */
export class Results {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** Writes a file and gives back its name. */
  keep(name: string, content: string): string {
    writeFileSync(join(this.folder, name), content);
    return name;
  }

  /** Adds results to the day's file; older ones of the same figures are replaced. Gives back its path. */
  add(server: string, figures: readonly FigureResult[]): string {
    const date = new Date().toISOString().slice(0, 10);
    const path = join(this.folder, `${date}-${server}.json`);
    const older = existsSync(path) ? readResults(path).figures : [];
    const file: ResultsFile = { server, date, figures: merged(older, figures) };
    writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
    return path;
  }

  /** The newest results of every server, as Markdown. */
  markdown(linkedAs: string): string {
    const files = readdirSync(this.folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => readResults(join(this.folder, name)));
    const servers = [...new Set(files.map(({ server }) => server))];
    return servers
      .map((server) =>
        resultsMarkdown(server, newestFigures(files.filter((file) => file.server === server)), linkedAs),
      )
      .join('\n\n');
  }

  /** Puts them between the markers of a README. */
  insertInto(readme: string, linkedAs: string): void {
    writeFileSync(readme, withResults(readFileSync(readme, 'utf8'), this.markdown(linkedAs)));
  }
}

function readResults(path: string): ResultsFile {
  return JSON.parse(readFileSync(path, 'utf8')) as ResultsFile;
}
