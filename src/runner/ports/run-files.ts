/** The files of a run on this machine: its log, its reports. Readable by their owner only. */
export interface RunFiles {
  /** relative to the working directory */
  folder(run: string): string;
  /** Writes a file of the run, streamed; replaces an earlier one. */
  write(run: string, name: string, chunks: AsyncIterable<string>): Promise<void>;
}
