package com.example.orders;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;

/** The orders in the database. */
@Repository
public class Orders {

    private final JdbcClient database;

    Orders(JdbcClient database) {
        this.database = database;
    }

    /** Keep a new order. */
    public Order add(NewOrder order) {
        var keys = new GeneratedKeyHolder();
        database.sql("INSERT INTO orders (item, quantity) VALUES (:item, :quantity)")
            .param("item", order.item())
            .param("quantity", order.quantity())
            .update(keys, "id");
        return new Order(keys.getKeyAs(Number.class).longValue(), order.item(), order.quantity());
    }

    /** The order of this number, if there is one. */
    public Optional<Order> find(long id) {
        return database.sql("SELECT id, item, quantity FROM orders WHERE id = :id")
            .param("id", id)
            .query(Order.class)
            .optional();
    }
}
