/** The variable that tells agents in the processes of a started target where to put their sockets. */
export const agentsName = 'LEAKHUNT_AGENTS';
