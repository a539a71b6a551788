/**
 * Where a checkout keeps what belongs to this machine: the embedded server, runs, backups, look-ups that outgrew memory.
 */
export const STATE_FOLDER = '.waybill';
