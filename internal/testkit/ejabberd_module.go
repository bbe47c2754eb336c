package testkit

import (
	"fmt"
	"strconv"
)

// ejabberdModule is a module of ejabberd that writes each element to a file, as the
// one for Prosody does. Asked over HTTP, it writes to the disk what the database
// would write within two seconds. The archive is kept in memory, too: the table that the
// server makes of it by itself takes longer for each message, and soon too long. The virtual machine compiles it when it starts.
func ejabberdModule(file string) string {
	return fmt.Sprintf(`-module(mod_testkit).
-export([start/2, stop/1, reload/3, depends/2, mod_options/1, process/2, received/3, sent/3]).

start(Host, _) ->
    ejabberd_hooks:add(c2s_handle_recv, Host, ?MODULE, received, 1),
    ejabberd_hooks:add(c2s_handle_send, Host, ?MODULE, sent, 1),
    spawn(fun archive/0),
    ok.

archive() ->
    case mnesia:wait_for_tables([archive_msg], 10000) of
        ok -> mnesia:change_table_copy_type(archive_msg, node(), disc_copies);
        _ -> ok
    end.

stop(_) -> ok.
reload(_, _, _) -> ok.
depends(_, _) -> [].
mod_options(_) -> [].

process(_, _) ->
    ok = mnesia:sync_log(),
    {200, [], <<"0">>}.

received(State, Element, _) -> write(<<">">>, State, Element).
sent(State, Packet, _) -> write(<<"<">>, State, xmpp:encode(Packet, <<"jabber:client">>)).

write(Direction, State, Element) ->
    Text = binary:replace(fxml:element_to_binary(Element), <<"\n">>, <<"&#10;">>, [global]),
    ok = file:write_file(%s, [Direction, " ", who(State), " ", Text, "\n"], [append]),
    State.

who(#{user := User, server := Server, resource := Resource}) when Resource /= <<>> ->
    jid:encode(jid:make(User, Server, Resource));
who(_) -> <<"-">>.
`, strconv.Quote(file))
}
