// Processes runs other programs and never lets them run away: each has a deadline, an environment that is given whole,
// output that is captured up to a bound, and a session of its own that is ended with it. It starts programs through
// swift-subprocess, which closes every descriptor of ours in the child, and keeps the ended child unreaped for as long
// as the supervisor here works, so that a process group is never signalled after its number may belong to somebody
// else. It knows nothing of what the programs are for.
