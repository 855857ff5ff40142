package dev.tidemark.standalone.demo;

/**
 * One thing that somebody does: one transaction.
 *
 * <p>Each statement is preceded by {@code with dice (roll) as (values (…))}. What it picks and
 * writes follows from that number and from the rows that are there, so a seed makes the same
 * traffic again. {@code order by md5(id || roll)} is a shuffle.
 */
enum Move {
  BOOK_APPOINTMENT(
      10,
      """
      , service as (
        select services.id, services.user_id, services.lasts
        from booking.services, dice where active order by md5(services.id::text || roll) limit 1
      ), client as (
        select users.id from booking.users, dice
        where not provider order by md5(users.id::text || roll) limit 1
      ), slot as (
        select date_trunc('day', now()) + (1 + roll % 21) * interval '1 day'
          + (32 + roll % 40) * interval '15 minutes' as starts_at from dice
      )
      insert into appointments.appointments
        (id, user_id, client_id, service_id, on_date, starts_at, ends_at, attributes)
      select md5('appointment' || roll)::uuid, service.user_id, client.id, service.id,
        starts_at::date, starts_at, starts_at + lasts, jsonb_build_object('remote', roll % 3 = 0)
      from dice, service, client, slot
      """),
  CONFIRM_APPOINTMENT(
      8,
      """
      update appointments.appointments set status = 'CONFIRMED'
      where id = (select id from appointments.appointments, dice
        where status = 'REQUESTED' order by md5(id::text || roll) limit 1)
      """),
  MOVE_APPOINTMENT(
      3,
      """
      update appointments.appointments
      set on_date = on_date + 1, starts_at = starts_at + interval '1 day',
        ends_at = ends_at + interval '1 day', reminded_at = null
      where id = (select id from appointments.appointments, dice
        where status in ('REQUESTED', 'CONFIRMED') order by md5(id::text || roll) limit 1)
      """),
  CANCEL_APPOINTMENT(
      2,
      """
      , cancelled as (
        update appointments.appointments set status = 'CANCELLED'
        where id = (select id from appointments.appointments, dice
          where status in ('REQUESTED', 'CONFIRMED') order by md5(id::text || roll) limit 1)
        returning user_id
      )
      update appointments.waiting_list set offers = offers + 1
      where id = (select id from appointments.waiting_list, cancelled
        where waiting_list.user_id = cancelled.user_id order by priority desc, created_at limit 1)
      """),
  PAY(
      6,
      """
      insert into appointments.payments (id, user_id, appointment_id, amount, status, paid_at)
      select md5('payment' || roll)::uuid, visit.client_id, visit.id, services.price + 0.01,
        'PAID', now()
      from dice, lateral (
        select id, client_id, service_id from appointments.appointments as candidate
        where status = 'CONFIRMED'
          and not exists (select from appointments.payments where appointment_id = candidate.id)
        order by md5(id::text || roll) limit 1
      ) as visit join booking.services on services.id = visit.service_id
      """),
  JOIN_WAITING_LIST(
      3,
      """
      insert into appointments.waiting_list
        (user_id, client_id, service_id, between_days, weekdays, priority)
      select service.user_id, client.id, service.id,
        daterange(current_date, current_date + (7 + roll % 30)::integer), '{1,2,3,4,5}', roll % 3
      from dice,
        lateral (select id, user_id from booking.services
          order by md5(id::text || roll) limit 1) as service,
        lateral (select id from booking.users where not provider
          order by md5(id::text || roll) limit 1) as client
      on conflict (client_id, service_id) do nothing
      """),
  LEAVE_WAITING_LIST(
      2,
      """
      delete from appointments.waiting_list
      where id = (select id from appointments.waiting_list, dice
        where id > 1000 order by md5(id::text || roll) limit 1)
      """),
  OPEN_TICKET(
      6,
      """
      , ticket as (
        insert into desk.tickets (contact_id, team, subject, urgency, unread)
        select contact.id, (array['support', 'billing', 'sales'])[1 + roll % 3],
          'Question no. ' || roll % 10000, (array['LOW', 'NORMAL', 'HIGH'])[1 + roll % 3]::desk.urgency, 1
        from dice, lateral (
          select id from desk.contacts order by md5(id::text || roll) limit 1) as contact
        returning id, team, contact_id
      )
      insert into desk.messages (ticket_id, team, direction, author, body)
      select ticket.id, ticket.team, 'INBOUND', contacts.name, 'Could you help me, please?'
      from ticket join desk.contacts on contacts.id = ticket.contact_id
      """),
  ANSWER_TICKET(
      10,
      """
      , ticket as (
        update desk.tickets set state = 'PENDING', unread = 0, assignee = coalesce(assignee, 'dana')
        where id = (select id from desk.tickets, dice
          where state = 'OPEN' order by md5(id::text || roll) limit 1)
        returning id, team, assignee
      )
      insert into desk.messages (ticket_id, team, direction, author, body, read_at)
      select id, team, 'OUTBOUND', assignee, 'We have found the cause and are on it.', now()
      from ticket
      """),
  ASK_AGAIN(
      5,
      """
      , ticket as (
        update desk.tickets set state = 'OPEN', unread = unread + 1
        where id = (select id from desk.tickets, dice
          where state = 'PENDING' order by md5(id::text || roll) limit 1)
        returning id, team
      )
      insert into desk.messages (ticket_id, team, direction, author, body, attachments)
      select id, team, 'INBOUND', 'the contact', 'It is still not working 😕',
        jsonb_build_array(jsonb_build_object('name', roll % 100 || '.png', 'bytes', roll % 90000))
      from ticket, dice
      """),
  SOLVE_TICKET(
      4,
      """
      update desk.tickets set state = 'SOLVED', satisfaction = (roll % 11) / 2.0
      from dice
      where id = (select id from desk.tickets
        where state = 'PENDING' order by md5(id::text || roll) limit 1)
      """),
  PLAN_ACTIVITY(
      5,
      """
      insert into field.activities (municipality_id, device_id, kind, title, planned_for, tags)
      select municipality_id, id,
        (array['INSPECTION', 'FUMIGATION', 'SAMPLING'])[1 + roll % 3]::field.activity_kind,
        'Visit point ' || 200 + roll % 700, current_date + (roll % 10)::integer, '{demo}'
      from dice, lateral (
        select id, municipality_id from field.devices
        where active order by md5(id::text || roll) limit 1) as device
      """),
  START_ACTIVITY(
      6,
      """
      update field.activities set status = 'IN_PROGRESS', started_at = now()
      where id = (select id from field.activities, dice
        where status = 'PENDING' order by md5(id::text || roll) limit 1)
      """),
  VISIT_HOUSEHOLD(
      8,
      """
      update field.activities
      set visits = visits + 1, details = jsonb_set(details, '{last_visit}', to_jsonb(now()))
      where id = (select id from field.activities, dice
        where status = 'IN_PROGRESS' order by md5(id::text || roll) limit 1)
      """),
  FINISH_ACTIVITY(
      5,
      """
      , finished as (
        update field.activities set status = 'DONE', finished_at = now()
        where id = (select id from field.activities, dice
          where status = 'IN_PROGRESS' and id <> 123 order by md5(id::text || roll) limit 1)
        returning id, municipality_id
      )
      insert into field.evidence
        (id, activity_id, municipality_id, file_name, media_type, bytes, sha256, taken_at)
      select md5('evidence' || roll)::uuid, id, municipality_id, 'IMG_' || roll % 10000 || '.jpg',
        'image/jpeg', 100000 + roll % 900000, sha256(roll::text::bytea), now()
      from finished, dice
      """),
  SEE_DEVICE(
      5,
      """
      update field.devices set last_seen_at = now()
      where id = (select id from field.devices, dice
        where active order by md5(id::text || roll) limit 1)
      """),
  PLACE_ORDER(
      8,
      """
      , placed as (
        insert into shop.orders (integration_id, external_id, customer, total, placed_at)
        select 1 + roll % 3, 'demo-' || roll, jsonb_build_object('name', 'Customer ' || roll % 500),
          wanted.total, now() at time zone 'UTC'
        from dice, lateral (select sum(price * (1 + roll % 2)) as total from (
          select price from shop.products
          where active order by md5(id::text || roll) limit 2) as chosen) as wanted
        returning id, integration_id
      ), lines as (
        insert into shop.order_lines
          (order_id, line, integration_id, product_id, quantity, unit_price)
        select placed.id, row_number() over (), integration_id, chosen.id, 1 + roll % 2, price
        from placed, dice, lateral (
          select id, price from shop.products
          where active order by md5(id::text || roll) limit 2) as chosen
        returning product_id, quantity
      )
      update shop.inventory set reserved = reserved + quantity
      from lines
      where inventory.product_id = lines.product_id and warehouse = 'madrid'
      """),
  SHIP_ORDER(
      6,
      """
      , shipped as (
        update shop.orders set status = 'SHIPPED', shipped_at = now()
        where id = (select id from shop.orders, dice
          where status in ('NEW', 'PAID', 'PACKED') order by md5(id::text || roll) limit 1)
        returning id
      )
      update shop.inventory
      set stock = greatest(stock - quantity, 0), reserved = greatest(reserved - quantity, 0)
      from shipped join shop.order_lines on order_id = shipped.id
      where inventory.product_id = order_lines.product_id and warehouse = 'madrid'
      """),
  RESTOCK(
      5,
      """
      update shop.inventory set stock = stock + 10 + roll % 30, counted_at = now()
      from dice
      where (warehouse, product_id) = (select warehouse, product_id from shop.inventory
        order by stock, md5(product_id::text || roll) limit 1)
      """),
  REPRICE(
      2,
      """
      update shop.products set price = round(price * (0.95 + roll % 11 * 0.01), 2) + 0.01
      from dice
      where id = (select id from shop.products order by md5(id::text || roll) limit 1)
      """),
  TIDY_APPOINTMENTS(
      1,
      """
      delete from appointments.appointments where id in (
        select id from appointments.appointments where created_at > '2026-02-01'
        order by created_at desc offset 2000 limit 50)
      """),
  TIDY_PAYMENTS(
      1,
      """
      delete from appointments.payments where id in (
        select id from appointments.payments where created_at > '2026-02-01'
        order by created_at desc offset 2000 limit 50)
      """),
  TIDY_TICKETS(
      1,
      """
      delete from desk.tickets where id in (
        select id from desk.tickets where id > 1000 order by id desc offset 1000 limit 20)
      """),
  TIDY_ACTIVITIES(
      1,
      """
      delete from field.activities where id in (
        select id from field.activities where id > 1000 order by id desc offset 1000 limit 20)
      """),
  TIDY_ORDERS(
      1,
      """
      delete from shop.orders where id in (
        select id from shop.orders where id > 1000 order by id desc offset 1000 limit 20)
      """);

  private static final int ALL_WEIGHTS;

  static {
    int sum = 0;
    for (Move move : values()) {
      sum += move.weight;
    }
    ALL_WEIGHTS = sum;
  }

  private final int weight;
  private final String sql;

  Move(int weight, String statement) {
    this.weight = weight;
    this.sql = "with dice (roll) as (values (?::bigint))\n" + statement;
  }

  /** The statement; its one parameter is a number from 0 that decides all that is left open. */
  String sql() {
    return sql;
  }

  /** A move, each as often as its weight says, if the number is from 0 and evenly spread. */
  static Move of(long number) {
    long left = number % ALL_WEIGHTS;
    for (Move move : values()) {
      left -= move.weight;
      if (left < 0) {
        return move;
      }
    }
    throw new IllegalArgumentException(number + " is negative");
  }
}
